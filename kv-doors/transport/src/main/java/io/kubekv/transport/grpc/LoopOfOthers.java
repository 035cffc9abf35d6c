package io.kubekv.transport.grpc;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.AbstractEventExecutorGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;

/**
 * An event loop that stays its owner's, for connections that it serves already: to register one
 * again does nothing, where the loop itself would refuse.
 */
final class LoopOfOthers extends AbstractEventExecutorGroup implements EventLoopGroup {
  private final EventLoopGroup loop;

  LoopOfOthers(EventLoopGroup loop) {
    this.loop = loop;
  }

  @Override
  public EventLoop next() {
    return loop.next();
  }

  @Override
  public ChannelFuture register(Channel channel) {
    return channel.isRegistered() ? channel.newSucceededFuture() : loop.register(channel);
  }

  @Override
  public ChannelFuture register(ChannelPromise promise) {
    return promise.channel().isRegistered() ? promise.setSuccess() : loop.register(promise);
  }

  @SuppressWarnings("InlineMeSuggester") // it is not ours to deprecate
  @Override
  @Deprecated
  public ChannelFuture register(Channel channel, ChannelPromise promise) {
    return register(promise);
  }

  @Override
  public Iterator<EventExecutor> iterator() {
    return loop.iterator();
  }

  @Override
  public boolean isShuttingDown() {
    return loop.isShuttingDown();
  }

  /** Its owner ends it. */
  @Override
  public Future<?> shutdownGracefully(long quietPeriod, long timeout, TimeUnit unit) {
    return loop.next().newSucceededFuture(null);
  }

  @Override
  public Future<?> terminationFuture() {
    return loop.terminationFuture();
  }

  /** Its owner ends it. */
  @Override
  @Deprecated
  public void shutdown() {}

  @Override
  public boolean isShutdown() {
    return loop.isShutdown();
  }

  @Override
  public boolean isTerminated() {
    return loop.isTerminated();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return loop.awaitTermination(timeout, unit);
  }
}
