package io.kubekv.transport.grpc;

import io.netty.channel.AbstractServerChannel;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Stands where a gRPC server has a socket to listen on: its connections are those that another
 * listener passes on, which has the port. Used by one event loop.
 */
final class PassedChannels extends AbstractServerChannel {
  private final ChannelConfig config = new DefaultChannelConfig(this);
  private @Nullable SocketAddress bound;
  private boolean closed;

  /** A connection comes in. On the event loop of both. */
  void pass(Channel connection) {
    if (closed) {
      var unused = connection.close();
      return;
    }
    pipeline().fireChannelRead(connection);
    pipeline().fireChannelReadComplete();
  }

  @Override
  protected boolean isCompatible(EventLoop loop) {
    return true;
  }

  @Override
  protected @Nullable SocketAddress localAddress0() {
    return bound;
  }

  @Override
  protected void doBind(SocketAddress address) {
    bound = address;
  }

  @Override
  protected void doBeginRead() {}

  @Override
  protected void doClose() {
    closed = true;
  }

  @Override
  public ChannelConfig config() {
    return config;
  }

  @Override
  public boolean isOpen() {
    return !closed;
  }

  @Override
  public boolean isActive() {
    return bound != null && !closed;
  }
}
