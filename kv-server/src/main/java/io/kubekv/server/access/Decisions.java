package io.kubekv.server.access;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.kubekv.StoreException;
import io.kubekv.UnavailableException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What somebody else has decided, remembered for a short time. A question is asked once however
 * many wait for its answer; a failure is told to them and forgotten. Bounded in memory and in
 * questions under way. Thread-safe.
 */
final class Decisions<Q, A> {
  private static final int MOST = 100_000;

  /** So that those who may nothing cannot flood whoever decides. */
  private static final int QUESTIONS_AT_ONCE = 64;

  private final Executor threads;
  private final AsyncCache<Q, A> known;
  private final LongAdder asked = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final Semaphore asking = new Semaphore(QUESTIONS_AT_ONCE);

  /**
   * @param threads virtual ones; not taken over
   */
  Decisions(Duration timeToLive, Ticker ticker, Executor threads) {
    this.threads = threads;
    this.known =
        Caffeine.newBuilder()
            .maximumSize(MOST)
            .expireAfterWrite(timeToLive)
            .ticker(ticker)
            .executor(threads)
            .buildAsync();
  }

  /** How often somebody else was asked. */
  long asked() {
    return asked.sum();
  }

  /** How often nobody answered. */
  long failed() {
    return failed.sum();
  }

  /** The answer if it is known. Never blocks. */
  Optional<A> known(Q question) {
    @Nullable CompletableFuture<A> answer = known.getIfPresent(question);
    return answer != null && answer.isDone() && !answer.isCompletedExceptionally()
        ? Optional.of(answer.join())
        : Optional.empty();
  }

  /**
   * The answer. Blocks until it is there; fails as its source does.
   *
   * @param source answers the question if nobody has; may block, and fails with a {@link
   *     StoreException}
   */
  A get(Q question, Supplier<A> source) {
    try {
      return known
          .get(
              question,
              (asked, executor) -> CompletableFuture.supplyAsync(() -> ask(source), threads))
          .join();
    } catch (CompletionException failed) {
      throw failed.getCause() instanceof StoreException told
          ? told
          : new UnavailableException("who may do what cannot be decided now", failed);
    }
  }

  private A ask(Supplier<A> source) {
    asking.acquireUninterruptibly();
    asked.increment();
    try {
      return source.get();
    } catch (RuntimeException failure) {
      failed.increment();
      throw failure;
    } finally {
      asking.release();
    }
  }
}
