package io.kubekv.transport.tls;

import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.TrustOptions;

/** A listener's certificates in the words of Vert.x. */
public final class ServerTls {
  private ServerTls() {}

  /** Has a server show a certificate, and ask its clients for theirs. */
  public static void show(Certificates certificates, NetServerOptions options) {
    options.setSsl(true).setKeyCertOptions(KeyCertOptions.wrap(certificates.own()));
    CipherSuites.allowed().forEach(options::addEnabledCipherSuite);
    certificates
        .ofClients()
        .ifPresent(
            trust -> {
              options.setTrustOptions(TrustOptions.wrap(trust));
              options.setClientAuth(
                  certificates.clientsMust() ? ClientAuth.REQUIRED : ClientAuth.REQUEST);
            });
  }
}
