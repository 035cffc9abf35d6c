package io.kubekv.etcdv2;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.DelegatingStore;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.contract.Answered;
import io.kubekv.engine.EngineSettings;
import io.kubekv.engine.EngineStore;
import io.kubekv.transport.http.RawHttp;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** In-order keys as lock recipes use them: who has the lowest name holds the lock. */
@Timeout(60)
final class InOrderKeysTest {
  /** The first put waits, as one whose thread does not come to its turn. */
  private static final class SlowOnce extends DelegatingStore {
    private final AtomicBoolean first = new AtomicBoolean(true);
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    SlowOnce() {
      super(EngineStore.inMemory(EngineSettings.DEFAULT));
    }

    @Override
    public CompletableFuture<PutOutcome> put(PutRequest request) {
      return Answered.by(
          () -> {
            if (first.getAndSet(false)) {
              begun.countDown();
              await(released);
            }
            return Await.change(super.put(request));
          });
    }

    private static void await(CountDownLatch latch) {
      try {
        latch.await();
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private final SlowOnce store = new SlowOnce();
  private final DoorUnderTest door = new DoorUnderTest(store);

  @AfterEach
  void close() {
    store.released.countDown();
    door.close();
    store.close();
  }

  private static String name(RawHttp.Answer answer) {
    return answer.body().replaceAll(".*?/queue/(\\d{20}).*\\n", "$1");
  }

  @Test
  void slowPost_getsAHigherNameThanOneThatWasAnsweredBefore() throws Exception {
    try (RawHttp slow = door.connect();
        RawHttp quick = door.connect()) {
      slow.request("POST", "/v2/keys/queue", "value=slow");
      store.begun.await();

      String holder = name(quick.request("POST", "/v2/keys/queue", "value=quick").answer());
      store.released.countDown();
      String waiter = name(slow.answer());

      assertThat(waiter).isGreaterThan(holder);
    }
  }
}
