package io.kubekv.page;

import io.kubekv.transport.http.HttpExchange;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.multipart.Attribute;
import io.netty.handler.codec.http.multipart.DefaultHttpDataFactory;
import io.netty.handler.codec.http.multipart.FileUpload;
import io.netty.handler.codec.http.multipart.HttpPostMultipartRequestDecoder;
import io.netty.handler.codec.http.multipart.InterfaceHttpData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A form with a file, as {@code multipart/form-data} has it.
 *
 * @param file the bytes of the field {@code file}; empty when no file was chosen
 */
record Upload(Fields fields, Optional<byte[]> file) {
  private static final String TYPE = "multipart/form-data";
  private static final int MOST_FIELDS = 16;

  /** What a browser has sent; all of it is in memory already, as every body is. */
  static Upload of(HttpExchange exchange) {
    String type = exchange.header("Content-Type").orElse("");
    if (!type.regionMatches(true, 0, TYPE, 0, TYPE.length())) {
      throw new PageError(415, "A file is sent as " + TYPE + ".");
    }
    byte[] body = exchange.body();
    FullHttpRequest request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1, HttpMethod.POST, "/", Unpooled.wrappedBuffer(body));
    request.headers().set(HttpHeaderNames.CONTENT_TYPE, type);
    try {
      HttpPostMultipartRequestDecoder decoder =
          new HttpPostMultipartRequestDecoder(
              new DefaultHttpDataFactory(false),
              request,
              StandardCharsets.UTF_8,
              MOST_FIELDS,
              body.length + 1);
      try {
        return of(decoder);
      } finally {
        decoder.destroy();
      }
    } catch (DecoderException | IOException | IllegalArgumentException wrong) {
      throw PageError.bad("The form cannot be read as " + TYPE + ", so nothing was changed.");
    }
  }

  private static Upload of(HttpPostMultipartRequestDecoder decoder) throws IOException {
    Map<String, String> texts = new TreeMap<>();
    Optional<byte[]> file = Optional.empty();
    for (InterfaceHttpData part : decoder.getBodyHttpDatas()) {
      if (part instanceof FileUpload upload && part.getName().equals("file")) {
        file = Optional.of(upload.get()).filter(bytes -> bytes.length > 0);
      } else if (part instanceof Attribute text
          && texts.putIfAbsent(part.getName(), text.getValue()) != null) {
        throw PageError.bad("The field " + Visible.of(part.getName()) + " is there twice.");
      }
    }
    return new Upload(Fields.of(texts), file);
  }
}
