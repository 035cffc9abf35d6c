package io.kubekv.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.kubekv.DelegatingStore;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Lookup;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.engine.EngineStore;
import io.kubekv.transport.grpc.GrpcSettings;
import io.kubekv.v1.KeyValueGrpc;
import io.kubekv.v1.Kv;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Errors of the server's own: whoever asked is told so, whichever thread it was. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class MistakesTest {
  private static final Kv.ListRequest EVERYTHING =
      Kv.ListRequest.newBuilder().setRange(Kv.Range.newBuilder().setPrefix("")).build();

  private final BrokenStore store = new BrokenStore();
  private DoorUnderTest door;
  private KeyValueGrpc.KeyValueBlockingStub client;

  private static final class BrokenStore extends DelegatingStore {
    private volatile boolean takesTime;

    BrokenStore() {
      super(EngineStore.inMemory());
    }

    private <T> CompletableFuture<T> broken() {
      AssertionError mistake = new AssertionError("a mistake");
      CompletableFuture<T> failing = new CompletableFuture<>();
      if (takesTime) {
        CompletableFuture.delayedExecutor(10, TimeUnit.MILLISECONDS)
            .execute(() -> failing.completeExceptionally(mistake));
      } else {
        failing.completeExceptionally(mistake);
      }
      return failing;
    }

    @Override
    public CompletableFuture<Lookup> get(Key key, Freshness freshness) {
      return broken();
    }

    @Override
    public CompletableFuture<Listing> list(ListRequest request, Freshness freshness) {
      return broken();
    }

    @Override
    public CompletableFuture<PutOutcome> put(PutRequest request) {
      return broken();
    }
  }

  @BeforeEach
  void open() throws Exception {
    door = new DoorUnderTest(store, GrpcSettings.DEFAULT);
    client = KeyValueGrpc.newBlockingStub(door.channel());
  }

  @AfterEach
  void close() {
    door.close();
  }

  private void isTold(Runnable request) {
    StatusRuntimeException failure =
        catchThrowableOfType(StatusRuntimeException.class, request::run);

    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
    assertThat(failure.getStatus().getDescription()).contains("an error of the server's own");
  }

  private void everyCallIsTold() {
    isTold(() -> client.get(Kv.GetRequest.newBuilder().setKey("k").build()));
    isTold(() -> client.put(Kv.PutRequest.newBuilder().setKey("k").build()));
    isTold(() -> client.list(EVERYTHING).next());
  }

  @Test
  void mistake_thatShowsAtOnce_isTold() {
    everyCallIsTold();
  }

  @Test
  void mistake_thatShowsLater_isTold() {
    store.takesTime = true;
    everyCallIsTold();
  }
}
