package io.kubekv.transport.http;

import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpVersion;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.HttpUtils;
import io.vertx.core.http.impl.headers.Http1xHeaders;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

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
        Http1xHeaders.httpHeaders(new Headers()));
  }

  /**
   * Looks at each header of one request. Netty takes a list of equal lengths, too, and of HTTP/1.0
   * the first of two that differ: Go refuses both, and a proxy may have read the other one.
   */
  private static final class Headers implements BiConsumer<CharSequence, CharSequence> {
    private @Nullable String length;

    @Override
    public void accept(CharSequence name, CharSequence value) {
      HttpUtils.validateHeader(name, value);
      if (HttpHeaderNames.CONTENT_LENGTH.contentEqualsIgnoreCase(name)) {
        String said = withoutZeros(value.toString().strip());
        if (said.indexOf(',') >= 0 || length != null && !length.equals(said)) {
          throw new IllegalArgumentException("a request has one length");
        }
        length = said;
      }
    }

    /** Netty puts a length that begins with zeros there once more, without them. */
    private static String withoutZeros(String number) {
      int at = 0;
      while (at < number.length() - 1 && number.charAt(at) == '0') {
        at++;
      }
      return number.substring(at);
    }
  }
}
