package io.kubekv.etcdv3.watch;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.kubekv.etcdv3.call.Failures;
import io.kubekv.etcdv3.call.Replies;
import io.kubekv.etcdv3.call.RequiresLeader;
import io.kubekv.etcdv3.call.Setup;
import io.kubekv.etcdv3.wire.WatchGrpc;
import io.kubekv.etcdv3.wire.WatchRequest;
import io.kubekv.etcdv3.wire.WatchResponse;
import io.kubekv.transport.limits.Use;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** {@code etcdserverpb.Watch}: streams with any number of watches each. */
public final class WatchService extends WatchGrpc.WatchImplBase {
  private final Setup setup;
  private final Set<WatchStream> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  public WatchService(Setup setup) {
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

  public int count() {
    return open.stream().mapToInt(WatchStream::count).sum();
  }

  public void close() {
    closed = true;
    open.forEach(WatchStream::stop);
  }
}
