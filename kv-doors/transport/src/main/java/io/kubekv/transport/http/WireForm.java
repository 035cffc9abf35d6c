package io.kubekv.transport.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.util.List;

/**
 * Between a connection's codec and Vert.x: writes the names of headers that Vert.x adds as Go's
 * servers write them and no chunks to HTTP/1.0, and tells of a body that cannot be decoded, to
 * which Vert.x would only close the connection. Used by one event loop.
 */
final class WireForm extends ChannelDuplexHandler {
  /** Whoever answers says the length himself. */
  private static final List<String> NAMES = List.of("Connection", "Transfer-Encoding");

  private final Connection connection;

  WireForm(Connection connection) {
    this.connection = connection;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    boolean bad =
        message instanceof HttpContent content
            && !(message instanceof HttpRequest)
            && content.decoderResult().isFailure();
    if (bad && connection.bodyIsBad()) {
      ReferenceCountUtil.release(message);
    } else {
      context.fireChannelRead(message);
    }
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise done) {
    if (message instanceof HttpResponse response) {
      if (response.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
        response.headers().remove("Transfer-Encoding"); // which that version does not know
      }
      NAMES.forEach(name -> rename(response.headers(), name));
    }
    var unused = context.write(message, done);
  }

  private static void rename(HttpHeaders headers, String name) {
    String value = headers.get(name);
    if (value != null) {
      headers.remove(name);
      headers.add(name, value);
    }
  }
}
