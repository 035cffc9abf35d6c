package io.kubekv.transport.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * Whose a client certificate is: by its subject, the common name is the user and each organization
 * a group (Kubernetes, Authenticating, X.509); or by its alternative name, a URI before a mail
 * address before a host, and the organizations of its subject. Thread-safe.
 */
public final class CertificateUsers {
  /** Kinds of alternative names as RFC 5280, 4.2.1.6 numbers them, the preferred first. */
  private static final List<Integer> KINDS = List.of(6, 1, 2);

  private final boolean bySubject;

  /** A connection shows the same object at each request; the parsed name goes with it. */
  private final Cache<X509Certificate, Optional<User>> known =
      Caffeine.newBuilder().weakKeys().build();

  private CertificateUsers(boolean bySubject) {
    this.bySubject = bySubject;
  }

  /** Users are the common names of subjects. */
  public static CertificateUsers bySubject() {
    return new CertificateUsers(true);
  }

  /** Users are the alternative names. */
  public static CertificateUsers byAlternativeName() {
    return new CertificateUsers(false);
  }

  /** The user; empty when the certificate names none. */
  Optional<User> user(X509Certificate certificate) {
    return known.get(certificate, this::parse);
  }

  private Optional<User> parse(X509Certificate certificate) {
    Optional<String> name =
        bySubject ? subject(certificate, "CN").stream().findFirst() : alternative(certificate);
    return name.map(text -> new User(text, subject(certificate, "O")).authenticated());
  }

  private static List<String> subject(X509Certificate certificate, String type) {
    List<String> values = new ArrayList<>();
    try {
      LdapName subject = new LdapName(certificate.getSubjectX500Principal().getName());
      for (Rdn part : subject.getRdns()) {
        if (part.getType().equalsIgnoreCase(type) && part.getValue() instanceof String text) {
          values.add(text);
        }
      }
    } catch (InvalidNameException unreadable) {
      return List.of();
    }
    return values;
  }

  private static Optional<String> alternative(X509Certificate certificate) {
    try {
      Collection<List<?>> all = certificate.getSubjectAlternativeNames();
      Collection<List<?>> names = all == null ? List.of() : all;
      return KINDS.stream()
          .flatMap(kind -> names.stream().filter(name -> kind.equals(name.get(0))))
          .map(name -> String.valueOf(name.get(1)))
          .findFirst();
    } catch (CertificateParsingException unreadable) {
      return Optional.empty();
    }
  }
}
