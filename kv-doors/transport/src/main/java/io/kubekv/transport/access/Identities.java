package io.kubekv.transport.access;

/**
 * How users are known.
 *
 * @param certificates by what they show on the connection
 * @param tokens by what they send
 * @param anonymous whether whoever shows nothing is let in as {@link User#ANONYMOUS}
 */
public record Identities(
    CertificateUsers certificates, TokenAuthenticator tokens, boolean anonymous) {}
