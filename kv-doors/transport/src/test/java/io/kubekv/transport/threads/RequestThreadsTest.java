package io.kubekv.transport.threads;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Context;
import io.kubekv.Await;
import io.kubekv.transport.limits.Use;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

/** What goes along with a request to its other threads. */
class RequestThreadsTest {
  private static final Context.Key<String> MARK = Context.key("mark");

  private record Seen(Optional<Use> use, String named, String mark, boolean isVirtual) {
    static Seen here() {
      return new Seen(
          Use.current(),
          String.valueOf(MDC.get("request")),
          String.valueOf(MARK.get()),
          Thread.currentThread().isVirtual());
    }
  }

  @AfterEach
  void forget() {
    MDC.clear();
  }

  /** Has something done for a request that has a budget, a name and a call's context. */
  private static void inRequest(Use use, Runnable work) {
    MDC.put("request", "r-1");
    use.run(() -> Context.current().withValue(MARK, "passed on").run(work));
  }

  @Test
  void call_worksForTheSameRequest() {
    Use use = Use.ofNobody();
    AtomicReference<CompletableFuture<Seen>> coming = new AtomicReference<>();

    inRequest(use, () -> coming.set(RequestThreads.call(Seen::here)));

    assertThat(Await.read(coming.get()))
        .isEqualTo(new Seen(Optional.of(use), "r-1", "passed on", true));
  }

  @Test
  void after_theCallIsMadeForTheSameRequest_whenTheWorkIsDone() {
    Use use = Use.ofNobody();
    AtomicReference<CompletableFuture<Seen>> coming = new AtomicReference<>();
    CompletableFuture<Boolean> may = new CompletableFuture<>();

    inRequest(
        use,
        () ->
            coming.set(
                RequestThreads.after(
                    () -> Await.read(may), () -> CompletableFuture.completedFuture(Seen.here()))));

    assertThat(coming.get()).isNotDone();
    may.complete(true);
    assertThat(Await.read(coming.get()))
        .isEqualTo(new Seen(Optional.of(use), "r-1", "passed on", true));
  }

  @Test
  void executor_worksForTheRequestOfWhoAskedForIt() {
    AtomicReference<Executor> threads = new AtomicReference<>();
    inRequest(Use.ofNobody(), () -> threads.set(RequestThreads.executor()));
    MDC.clear();

    Seen seen = Await.read(CompletableFuture.supplyAsync(Seen::here, threads.get()));

    assertThat(seen.named()).isEqualTo("r-1");
    assertThat(seen.mark()).isEqualTo("passed on");
  }

  /** An event loop goes on itself: a change of threads is spared. */
  @Test
  void following_ofAnEventLoop_isTheLoop() {
    Use use = Use.ofNobody();
    AtomicReference<Boolean> byTheLoop = new AtomicReference<>(false);
    use.goesOnIn(
        task -> {
          byTheLoop.set(true);
          task.run();
        });

    use.run(() -> RequestThreads.following().execute(() -> {}));

    assertThat(byTheLoop.get()).isTrue();
  }
}
