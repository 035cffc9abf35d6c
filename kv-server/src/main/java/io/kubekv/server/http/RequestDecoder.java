package io.kubekv.server.http;

import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpVersion;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.headers.Http1xHeaders;

/**
 * Netty's decoder in the place of Vert.x's, which does not let one say that a Content-Length may be
 * there twice if both are equal (RFC 9110, section 8.6), as Go's servers take it. Used by one event
 * loop.
 */
final class RequestDecoder extends HttpRequestDecoder {
  RequestDecoder(HttpLimits limits) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(limits.maxRequestLineBytes())
            .setMaxHeaderSize(limits.maxHeaderBytes())
            .setMaxChunkSize(HttpServerOptions.DEFAULT_MAX_CHUNK_SIZE)
            .setInitialBufferSize(HttpServerOptions.DEFAULT_DECODER_INITIAL_BUFFER_SIZE)
            .setAllowDuplicateContentLengths(true));
  }

  /** With the headers that Vert.x works on; others it would wrap and look through more slowly. */
  @Override
  protected HttpMessage createMessage(String[] line) {
    return new DefaultHttpRequest(
        HttpVersion.valueOf(line[2]),
        HttpMethod.valueOf(line[0]),
        line[1],
        Http1xHeaders.httpHeaders());
  }
}
