package io.kubekv.etcdv3.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.ServerMethodDefinition;
import io.grpc.stub.StreamObserver;
import io.kubekv.etcdv3.wire.KVGrpc;
import io.kubekv.etcdv3.wire.RangeRequest;
import io.kubekv.etcdv3.wire.RangeResponse;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class DirectCallTest {
  /** Answers at once. */
  private static final class Service extends KVGrpc.KVImplBase {
    @Override
    public void range(RangeRequest request, StreamObserver<RangeResponse> client) {
      client.onNext(RangeResponse.getDefaultInstance());
      client.onCompleted();
    }
  }

  private static WeakReference<UnaryCall<?, ?>> answered() {
    ServerMethodDefinition<?, ?> method =
        new Service().bindService().getMethod(KVGrpc.getRangeMethod().getFullMethodName());
    UnaryCall<?, ?> call = new UnaryCall<>(method, Optional.empty());
    call.endAfter(Duration.ofDays(900));
    call.begin(new Metadata(), RangeRequest.getDefaultInstance());
    assertThat(call.outcome().join().status().isOk()).isTrue();
    return new WeakReference<>(call);
  }

  /** A client says for how long it waits; the server must not keep the answer for as long. */
  @Test
  void answered_isNotKeptUntilItsTimeoutPasses() {
    WeakReference<UnaryCall<?, ?>> call = answered();
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> {
              System.gc();
              return call.get() == null;
            });
  }
}
