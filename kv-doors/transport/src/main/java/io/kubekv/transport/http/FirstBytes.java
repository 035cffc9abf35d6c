package io.kubekv.transport.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Tells by a connection's first bytes whether its client speaks HTTP/2: that begins with a preface
 * which no request of HTTP/1.1 begins with (RFC 9113, section 3.4). Then it leaves the pipeline,
 * and what was read goes on to whoever stands behind it. Used by one event loop.
 */
final class FirstBytes extends ByteToMessageDecoder {
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final Runnable isHttp2;

  /**
   * @param isHttp2 runs on the event loop before the first bytes go on
   */
  FirstBytes(Runnable isHttp2) {
    this.isHttp2 = isHttp2;
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf read, List<Object> out) {
    int known = Math.min(read.readableBytes(), PREFACE.length);
    for (int at = 0; at < known; at++) {
      if (read.getByte(read.readerIndex() + at) != PREFACE[at]) {
        context.pipeline().remove(this);
        return;
      }
    }
    if (known == PREFACE.length) {
      isHttp2.run();
      context.pipeline().remove(this);
    }
  }
}
