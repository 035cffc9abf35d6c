package io.kubekv.transport.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.kubekv.StoreException;
import io.kubekv.UnavailableException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * What somebody else has decided, remembered for a short time. A question is asked once however
 * many wait for its answer; a failure is told to them and to nobody after them. Bounded in memory
 * and in questions under way. Thread-safe.
 */
final class Decisions<Q, A> {
  private static final long MOST_BYTES = 32 << 20;

  /** Between two looks of one event loop an answer may be over. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  /** So that those who may nothing cannot flood whoever decides. */
  private static final int QUESTIONS_AT_ONCE = 64;

  private final long timeToLive;
  private final Ticker ticker;
  private final Cache<Q, Timed<A>> answers;
  private final ConcurrentMap<Q, CompletableFuture<A>> underWay = new ConcurrentHashMap<>();
  private final LongAdder asked = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final Semaphore asking = new Semaphore(QUESTIONS_AT_ONCE);

  private record Timed<A>(A answer, long nanos) {}

  /**
   * @param bytes that a question and its answer take while they are remembered, about
   */
  Decisions(Duration timeToLive, Ticker ticker, ToIntFunction<Q> bytes) {
    this.timeToLive = timeToLive.toNanos();
    this.ticker = ticker;
    this.answers =
        Caffeine.newBuilder()
            .maximumWeight(MOST_BYTES)
            .weigher((Q question, Timed<A> answer) -> bytes.applyAsInt(question))
            .expireAfterWrite(timeToLive.plus(GRACE))
            .ticker(ticker)
            .build();
  }

  /** What it remembers takes, about. */
  long bytes() {
    answers.cleanUp();
    return answers.policy().eviction().orElseThrow().weightedSize().orElseThrow();
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
    return Optional.ofNullable(answers.getIfPresent(question))
        .filter(timed -> ticker.read() - timed.nanos() < timeToLive)
        .map(Timed::answer);
  }

  /** The answer if it is known, or was a moment ago. Never blocks. */
  Optional<A> knownLately(Q question) {
    return Optional.ofNullable(answers.getIfPresent(question)).map(Timed::answer);
  }

  /**
   * The answer. Blocks until it is there; fails as its source does.
   *
   * @param source answers the question if nobody has; may block, and fails with a {@link
   *     StoreException}
   */
  A get(Q question, Supplier<A> source) {
    Optional<A> answer = known(question);
    if (answer.isPresent()) {
      return answer.get();
    }
    CompletableFuture<A> mine = new CompletableFuture<>();
    CompletableFuture<A> others = underWay.putIfAbsent(question, mine);
    return others == null ? find(question, source, mine) : awaited(others);
  }

  private A find(Q question, Supplier<A> source, CompletableFuture<A> told) {
    try {
      // whoever was here before may have found it meanwhile
      A answer = known(question).orElseGet(() -> ask(question, source));
      told.complete(answer);
      return answer;
    } catch (RuntimeException failure) {
      told.completeExceptionally(failure);
      throw failure;
    } finally {
      underWay.remove(question, told);
    }
  }

  private static <A> A awaited(CompletableFuture<A> others) {
    try {
      return others.join();
    } catch (CompletionException failed) {
      throw failed.getCause() instanceof StoreException told
          ? told
          : new UnavailableException("who may do what cannot be decided now", failed);
    }
  }

  private A ask(Q question, Supplier<A> source) {
    asking.acquireUninterruptibly();
    asked.increment();
    try {
      A answer = source.get();
      answers.put(question, new Timed<>(answer, ticker.read()));
      return answer;
    } catch (RuntimeException failure) {
      failed.increment();
      throw failure;
    } finally {
      asking.release();
    }
  }
}
