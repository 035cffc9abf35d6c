package io.kubekv.transport.http;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslProvider;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.spi.tls.DefaultSslContextFactory;
import io.vertx.core.spi.tls.SslContextFactory;
import java.util.List;
import javax.net.ssl.SSLException;

/**
 * TLS where one port speaks HTTP/1.1 and HTTP/2. A client that offers both (ALPN, RFC 7301) gets
 * HTTP/1.1, which all of the port speaks; clients of gRPC offer HTTP/2 alone and get it. Vert.x
 * itself offers nothing: otherwise it would serve HTTP/2, too.
 */
final class BothProtocols extends JdkSSLEngineOptions {
  private static final List<String> PREFERRED = List.of("http/1.1", "h2");

  @Override
  public JdkSSLEngineOptions copy() {
    return new BothProtocols();
  }

  @Override
  public SslContextFactory sslContextFactory() {
    return new DefaultSslContextFactory(SslProvider.JDK, false) {
      @Override
      public SslContext create() throws SSLException {
        useAlpn(true);
        applicationProtocols(PREFERRED);
        return super.create();
      }
    };
  }
}
