package io.kubekv.etcdv3;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.kubekv.etcdv3.wire.WatchGrpc;
import io.kubekv.etcdv3.wire.WatchRequest;
import io.kubekv.etcdv3.wire.WatchResponse;
import io.kubekv.transport.limits.Use;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** {@code etcdserverpb.Watch}: streams with any number of watches each. */
final class WatchService extends WatchGrpc.WatchImplBase {
  private final EtcdV3Services.Setup setup;
  private final Set<WatchStream> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  WatchService(EtcdV3Services.Setup setup) {
    this.setup = setup;
  }

  @Override
  public StreamObserver<WatchRequest> watch(StreamObserver<WatchResponse> client) {
    return Replies.stream(
        client,
        () -> {
          boolean requiresLeader = RequiresLeader.isWanted();
          if (requiresLeader && setup.members().leader().isEmpty()) {
            throw Failures.NO_LEADER.asRuntimeException();
          }
          WatchStream stream =
              new WatchStream(
                  (ServerCallStreamObserver<WatchResponse>) client,
                  setup,
                  setup.store().get(),
                  Use.current().flatMap(Use::budget),
                  open::remove);
          open.add(stream);
          if (requiresLeader) {
            stream.requireLeader();
          }
          if (closed) {
            stream.stop();
          }
          return stream;
        });
  }

  int count() {
    return open.stream().mapToInt(WatchStream::count).sum();
  }

  void close() {
    closed = true;
    open.forEach(WatchStream::stop);
  }
}
