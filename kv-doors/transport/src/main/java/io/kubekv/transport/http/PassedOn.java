package io.kubekv.transport.http;

import io.kubekv.transport.limits.Limit;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import java.util.function.Consumer;

/**
 * Connections whose clients speak HTTP/2, which somebody else serves. Until they are closed they
 * count as the port's and as their client's, whatever is asked on them. Used on the event loop.
 */
final class PassedOn {
  private final Consumer<Channel> taker;
  private final Sources sources;
  private int open;

  PassedOn(Consumer<Channel> taker, Sources sources) {
    this.taker = taker;
    this.sources = sources;
  }

  /** How many are open. */
  int open() {
    return open;
  }

  /**
   * Passes one on, or closes it when its client has too many.
   *
   * @param pipeline ends with a {@link FirstBytes} and what stands behind that, which goes
   */
  void pass(Connection connection, ChannelPipeline pipeline) {
    ChannelHandler last = pipeline.last();
    while (last != null && !(last instanceof FirstBytes)) {
      pipeline.remove(last);
      last = pipeline.last();
    }
    open++;
    pipeline
        .channel()
        .closeFuture()
        .addListener(
            closed -> {
              open--;
              sources.left(connection.source(), connection.closed());
            });
    if (connection.isTooMany()) {
      connection.cut(Limit.CLIENT_CONNECTIONS);
    } else {
      taker.accept(pipeline.channel());
    }
  }
}
