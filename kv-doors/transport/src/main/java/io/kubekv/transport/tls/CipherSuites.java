package io.kubekv.transport.tls;

import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/** What the HTTP doors speak with TLS; gRPC's own choice for HTTP/2 is as strict. */
public final class CipherSuites {
  private CipherSuites() {}

  /** Those of the JDK that encrypt and authenticate in one, with keys of the connection's own. */
  public static List<String> allowed() {
    try {
      return Stream.of(SSLContext.getDefault().getDefaultSSLParameters().getCipherSuites())
          .filter(name -> !name.contains("_CBC_") && !name.startsWith("TLS_RSA_"))
          .filter(name -> name.contains("_GCM_") || name.contains("_CHACHA20_"))
          .toList();
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has a default TLS context", impossible);
    }
  }
}
