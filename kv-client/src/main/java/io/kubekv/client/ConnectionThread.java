package io.kubekv.client;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The one thread that reads and writes a client's one connection. It ends with the client: a
 * process that exits while such a thread waits for its connection is held for 300 ms by the Java
 * virtual machine, and those that gRPC would share among channels go on for a second.
 */
final class ConnectionThread implements AutoCloseable {
  private static final long LONGEST_END_MILLIS = 1000;

  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("kubekv-client", true), NioIoHandler.newFactory());

  EventLoopGroup loop() {
    return loop;
  }

  /** Waits for the end, for a second at most. To be called when the connection is closed. */
  @Override
  public void close() {
    var unused =
        loop.shutdownGracefully(0, LONGEST_END_MILLIS, TimeUnit.MILLISECONDS)
            .awaitUninterruptibly(LONGEST_END_MILLIS);
  }
}
