package io.kubekv.transport.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.util.internal.PlatformDependent;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.internal.VertxInternal;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One thread that reads and writes many connections. Who shares it passes work on without waking
 * another thread. Thread-safe.
 */
public final class EventLoop implements AutoCloseable {
  private static final int CLOSE_SECONDS = 20;

  private final Vertx vertx =
      Vertx.vertx(
          new VertxOptions()
              .setEventLoopPoolSize(1)
              .setWorkerPoolSize(1)
              .setInternalBlockingPoolSize(1)
              .setPreferNativeTransport(true)
              .setFileSystemOptions(
                  new FileSystemOptions()
                      .setClassPathResolvingEnabled(false)
                      .setFileCachingEnabled(false)));

  /** For others' servers and clients; stays this one's to close. */
  public Vertx vertx() {
    return vertx;
  }

  /**
   * The thread as Netty knows it, for clients and servers of its kind; stays this one's to close.
   */
  public EventLoopGroup netty() {
    return ((VertxInternal) vertx).nettyEventLoopGroup();
  }

  /** Makes the connections that this thread can serve, for clients. */
  public ChannelFactory<? extends Channel> connections() {
    return ((VertxInternal) vertx).transport().channelFactory(false);
  }

  /** Bytes outside the heap that all transports of this process have now. */
  public static long directBytes() {
    return Math.max(0, PlatformDependent.usedDirectMemory());
  }

  /** Cuts what is open and ends the thread. May be repeated. */
  @Override
  public void close() {
    try {
      vertx.close().toCompletionStage().toCompletableFuture().get(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException closedAlready) {
      // nothing is left to free
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
