package io.kubekv.k8s.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.k8s.api.ApiKind;
import io.kubekv.k8s.api.ApiObject;
import io.kubekv.k8s.api.ObjectApi;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** The watch goes on whatever happens in it. */
class RingWatchTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  private final AtomicInteger bugs = new AtomicInteger();
  private final AtomicInteger beginningsThatFail = new AtomicInteger();
  private final BlockingQueue<ObjectApi.Listener> watches = new LinkedBlockingQueue<>();
  private final RingView view = new RingView(this::trimmed, () -> {});
  private final RingWatch watch = new RingWatch(new EmptyApi(), view, 4);

  /** Asked about by everything that brings news. */
  private long trimmed() {
    if (bugs.getAndDecrement() > 0) {
      throw new IllegalStateException("a bug");
    }
    return 0;
  }

  @AfterEach
  void close() {
    watch.close();
  }

  @Test
  void listThatCannotBeTakenIn_isMadeAgain() {
    bugs.set(2);

    watch.start();

    assertThat(watch.listed()).succeedsWithin(SOON);
  }

  @Test
  void watchThatCannotBeBegun_isBegunAgain() throws InterruptedException {
    beginningsThatFail.set(2);

    watch.start();

    assertThat(watches.poll(SOON.toSeconds(), TimeUnit.SECONDS)).isNotNull();
  }

  /** Without an object; what it shows is up to the test. */
  private final class EmptyApi implements ObjectApi {
    @Override
    public CompletableFuture<String> list(
        ApiKind kind, boolean contents, Consumer<ApiObject> each) {
      return CompletableFuture.completedFuture("1");
    }

    @Override
    public Stream watch(ApiKind kind, String version, Listener listener) {
      if (beginningsThatFail.getAndDecrement() > 0) {
        throw new IllegalStateException("a bug");
      }
      watches.add(listener);
      return () -> {};
    }

    @Override
    public CompletableFuture<Void> create(ApiKind kind, String name, ObjectNode spec) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Void> replace(
        ApiKind kind, String name, String version, ObjectNode spec, String note) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Void> remove(ApiKind kind, ApiObject object) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Optional<ApiObject>> get(ApiKind kind, String name) {
      throw new UnsupportedOperationException();
    }
  }
}
