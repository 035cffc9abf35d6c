package io.kubekv.etcd;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where etcd is, and what it needs to let us in.
 *
 * @param endpoints members of one cluster, each {@code host:port}; at least one
 * @param tls present when the members speak TLS
 * @param login present when etcd's own authentication is on
 */
public record EtcdAccess(List<String> endpoints, Optional<Tls> tls, Optional<Login> login) {
  /**
   * Certificates as PEM files.
   *
   * @param authority whom to trust; absent for what the JDK trusts
   * @param certificate our own chain, with {@code key}, where etcd asks for one
   * @param key the key of {@code certificate}, PKCS#8
   */
  public record Tls(Optional<Path> authority, Optional<Path> certificate, Optional<Path> key) {
    public Tls {
      if (certificate.isPresent() != key.isPresent()) {
        throw new IllegalArgumentException("a client certificate and its key go together");
      }
    }
  }

  /**
   * A user of etcd; the text form never shows the password.
   *
   * @param user the name
   * @param password the password
   */
  public record Login(String user, String password) {
    @Override
    public String toString() {
      return "Login[" + user + "]";
    }
  }

  public EtcdAccess {
    endpoints = List.copyOf(endpoints);
    if (endpoints.isEmpty()) {
      throw new IllegalArgumentException("endpoints of etcd are missing");
    }
    endpoints.forEach(Endpoints::address);
  }

  /** Plain text, nobody in particular. */
  public static EtcdAccess plain(List<String> endpoints) {
    return new EtcdAccess(endpoints, Optional.empty(), Optional.empty());
  }
}
