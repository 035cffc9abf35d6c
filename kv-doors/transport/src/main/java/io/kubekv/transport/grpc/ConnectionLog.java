package io.kubekv.transport.grpc;

import java.util.Optional;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Why connections to a door that speaks gRPC fail. gRPC tells that to a logger alone, with a stack
 * trace for each, by which clients could fill a disk. Here it is kept for the one who counts them,
 * and goes no further. Thread-safe.
 */
final class ConnectionLog implements Filter {
  /** Loggers that nobody refers to are forgotten, with what was set. */
  private static final Logger OF_GRPC =
      Logger.getLogger("io.grpc.netty.NettyServerTransport.connections");

  /** A transport is logged, and ends, on its event loop's thread. */
  private static final ThreadLocal<@Nullable Throwable> LATEST = new ThreadLocal<>();

  private ConnectionLog() {}

  /** Keeps gRPC from writing such lines in this process. May be repeated. */
  static void silence() {
    OF_GRPC.setFilter(new ConnectionLog());
  }

  /** Why the connection failed that ends on this thread; empty when its client closed it. */
  static Optional<String> takeReason() {
    Throwable latest = LATEST.get();
    LATEST.remove();
    return Optional.ofNullable(latest).map(Throwable::toString);
  }

  @Override
  public boolean isLoggable(LogRecord line) {
    LATEST.set(line.getThrown());
    return false;
  }
}
