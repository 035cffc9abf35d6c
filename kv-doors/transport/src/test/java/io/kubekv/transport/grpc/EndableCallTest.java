package io.kubekv.transport.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Attributes;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.kubekv.v1.KeyValueGrpc;
import io.kubekv.v1.Kv;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A stream that is ended from outside, and what its service hears of it. */
class EndableCallTest {
  private final List<String> heard = new ArrayList<>();
  private final AtomicInteger overs = new AtomicInteger();
  private final Wire wire = new Wire();
  private final EndableCall<Kv.WatchRequest, Kv.WatchResponse> call =
      new EndableCall<>(
          wire,
          () -> true,
          over -> overs.incrementAndGet(),
          ended -> ended.close(Status.UNAUTHENTICATED, new Metadata()));

  /** The transport, which may tell of the end before it returns from the call that ends it. */
  private static final class Wire extends ServerCall<Kv.WatchRequest, Kv.WatchResponse> {
    private ServerCall.@Nullable Listener<Kv.WatchRequest> listener;
    private Status.@Nullable Code status;

    @Override
    public void close(Status end, Metadata trailers) {
      status = end.getCode();
      if (listener != null) {
        listener.onComplete();
      }
    }

    @Override
    public void request(int messages) {}

    @Override
    public void sendHeaders(Metadata headers) {}

    @Override
    public void sendMessage(Kv.WatchResponse message) {}

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public Attributes getAttributes() {
      return Attributes.EMPTY;
    }

    @Override
    public MethodDescriptor<Kv.WatchRequest, Kv.WatchResponse> getMethodDescriptor() {
      return KeyValueGrpc.getWatchMethod();
    }
  }

  private final class Service extends ServerCall.Listener<Kv.WatchRequest> {
    @Override
    public void onCancel() {
      heard.add("cancelled");
    }

    @Override
    public void onComplete() {
      heard.add("complete");
    }
  }

  @Test
  void end_isACancelToTheService_evenWhenTheTransportCompletesItFirst() {
    wire.listener = call.listener(new Service());

    call.end();

    assertThat(wire.status).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(heard).containsExactly("cancelled");
    assertThat(overs.get()).isPositive();
  }

  @Test
  void end_isACancelToTheService_whenTheTransportSaysNothing() {
    call.listener(new Service());

    call.end();

    assertThat(heard).containsExactly("cancelled");
  }

  @Test
  void close_byTheService_isComplete() {
    wire.listener = call.listener(new Service());

    call.close(Status.OK, new Metadata());

    assertThat(heard).containsExactly("complete");
  }
}
