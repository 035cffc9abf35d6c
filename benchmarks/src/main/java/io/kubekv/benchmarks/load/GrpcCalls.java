package io.kubekv.benchmarks.load;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * A client on a gRPC connection of its own, whose calls block its thread; both gRPC stores are
 * asked so.
 */
final class GrpcCalls implements Client {
  private final ManagedChannel channel;
  private final Calls calls;

  private GrpcCalls(ManagedChannel channel, Calls calls) {
    this.channel = channel;
    this.calls = calls;
  }

  /** How a store is asked over a connection. */
  @FunctionalInterface
  interface Dialect {
    Calls over(ManagedChannel channel);
  }

  /** As {@link Client} has them. */
  interface Calls {
    /** Makes a request and blocks until it is answered. */
    void accept(Operation operation);

    long revision();

    long modified(String key);
  }

  static Client open(InetSocketAddress store, Dialect dialect) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(store)
            .usePlaintext()
            .maxInboundMessageSize(64 << 20)
            .build();
    return new GrpcCalls(channel, dialect.over(channel));
  }

  @Override
  public void perform(Operation operation) throws IOException {
    try {
      calls.accept(operation);
    } catch (StatusRuntimeException e) {
      throw new IOException(operation + " failed: " + e.getStatus(), e);
    }
  }

  @Override
  public long revision() throws IOException {
    try {
      return calls.revision();
    } catch (StatusRuntimeException e) {
      throw new IOException("asking for the revision failed: " + e.getStatus(), e);
    }
  }

  @Override
  public long modified(String key) throws IOException {
    try {
      return calls.modified(key);
    } catch (StatusRuntimeException e) {
      throw new IOException("reading " + key + " failed: " + e.getStatus(), e);
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
