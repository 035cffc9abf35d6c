package io.kubekv.transport.grpc;

import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import java.net.InetSocketAddress;

/**
 * Connections of clients that speak HTTP/2, which another listener has accepted and passes on. All
 * are served by that listener's one event loop.
 */
public final class PassedConnections {
  /** Nobody connects to it: it stands where a server has an address. */
  private static final InetSocketAddress NOWHERE = InetSocketAddress.createUnresolved("none", 0);

  private final PassedChannels channels = new PassedChannels();
  private final EventLoopGroup loop;

  /**
   * @param loop of one thread; stays the caller's
   */
  public PassedConnections(EventLoopGroup loop) {
    this.loop = new LoopOfOthers(loop);
  }

  /**
   * Serves a connection from now on, or closes it when nothing is served any more. On the event
   * loop.
   *
   * @param connection registered there; nothing has been read of it, but what its pipeline holds
   */
  public void pass(Channel connection) {
    channels.pass(connection);
  }

  NettyServerBuilder builder(boolean tls) {
    return NettyServerBuilder.forAddress(NOWHERE, PassedNegotiator.credentials(tls))
        .channelFactory(() -> channels)
        .bossEventLoopGroup(loop)
        .workerEventLoopGroup(loop);
  }
}
