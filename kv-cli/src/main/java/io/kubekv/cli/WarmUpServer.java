package io.kubekv.cli;

import com.google.protobuf.ByteString;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.kubekv.v1.KeyValueGrpc;
import io.kubekv.v1.Kv;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Says of a store with one key what a warm-up asks, on a free port of this machine. */
final class WarmUpServer implements AutoCloseable {
  private final Server server;

  private WarmUpServer(Server server) {
    this.server = server;
  }

  static WarmUpServer open() throws IOException {
    InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return new WarmUpServer(
        NettyServerBuilder.forAddress(free).addService(new OneKey()).build().start());
  }

  String address() {
    return "127.0.0.1:" + server.getPort();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  /** Whatever is asked, it is about this key. */
  private static final class OneKey extends KeyValueGrpc.KeyValueImplBase {
    private static final Kv.Entry ENTRY =
        Kv.Entry.newBuilder()
            .setKey("warm/up")
            .setKind(Kv.Kind.KIND_VALUE)
            .setValue(ByteString.copyFromUtf8("value"))
            .setCreateRevision(1)
            .setModifyRevision(1)
            .setVersion(1)
            .build();

    private static <T> void answer(StreamObserver<T> to, T message) {
      to.onNext(message);
      to.onCompleted();
    }

    @Override
    public void get(Kv.GetRequest request, StreamObserver<Kv.GetResponse> to) {
      answer(to, Kv.GetResponse.newBuilder().setEntry(ENTRY).setRevision(1).build());
    }

    @Override
    public void list(Kv.ListRequest request, StreamObserver<Kv.ListResponse> to) {
      answer(to, Kv.ListResponse.newBuilder().addEntries(ENTRY).setRevision(1).setCount(1).build());
    }

    @Override
    public void put(Kv.PutRequest request, StreamObserver<Kv.PutResponse> to) {
      Kv.PutResponse.Stored stored = Kv.PutResponse.Stored.newBuilder().setEntry(ENTRY).build();
      answer(to, Kv.PutResponse.newBuilder().setStored(stored).build());
    }

    @Override
    public void delete(Kv.DeleteRequest request, StreamObserver<Kv.DeleteResponse> to) {
      Kv.DeleteResponse.Deleted deleted =
          Kv.DeleteResponse.Deleted.newBuilder().setRevision(2).setPrevious(ENTRY).build();
      answer(to, Kv.DeleteResponse.newBuilder().setDeleted(deleted).build());
    }

    @Override
    public void watch(Kv.WatchRequest request, StreamObserver<Kv.WatchResponse> to) {
      to.onNext(
          Kv.WatchResponse.newBuilder()
              .setStarted(Kv.WatchResponse.Started.newBuilder().setRevision(1))
              .build());
      Kv.WatchResponse.Put put =
          Kv.WatchResponse.Put.newBuilder().setEntry(ENTRY).setCause(Kv.Cause.CAUSE_SET).build();
      to.onNext(Kv.WatchResponse.newBuilder().setPut(put).build());
    }
  }
}
