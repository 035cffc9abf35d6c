package io.kubekv.transport.http;

import io.kubekv.transport.limits.Unsent;
import io.kubekv.transport.tls.Certificates;
import io.kubekv.transport.tls.ServerTls;
import io.vertx.core.http.HttpServerOptions;
import java.util.Optional;

/** A listener's limits and certificates in the words of Vert.x. */
final class ListenerOptions {
  private ListenerOptions() {}

  /**
   * @param tls whose certificates are shown and asked for; absent: plain text
   * @param http2 whether its port serves HTTP/2 as well
   */
  static HttpServerOptions of(HttpLimits limits, Optional<Certificates> tls, boolean http2) {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHttp2ClearTextEnabled(false)
            .setUseAlpn(false) // HTTP/1.1 alone, with TLS too
            .setSendBufferSize(Unsent.SOCKET_BYTES)
            .setPerFrameWebSocketCompressionSupported(false)
            .setPerMessageWebSocketCompressionSupported(false)
            .setMaxInitialLineLength(limits.maxRequestLineBytes())
            .setMaxHeaderSize(limits.maxHeaderBytes());
    tls.ifPresent(certificates -> ServerTls.show(certificates, options));
    if (tls.isPresent() && http2) {
      options.setSslEngineOptions(new BothProtocols());
    }
    return options;
  }
}
