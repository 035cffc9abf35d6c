package io.kubekv.embedded;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * What the embedded API server is told to do wrong, for tests of its clients. Nothing is wrong
 * until a test says so; everything may be changed while requests are under way, from any thread.
 */
public final class Faults {
  private final List<Injection> injections = new CopyOnWriteArrayList<>();
  private final Controls controls;
  private volatile Duration watchLag = Duration.ZERO;

  /** What the server lets faults do to it beyond single requests. */
  interface Controls {
    void closeWatches();

    /** Blocks until history has been forgotten. */
    void compactNow();
  }

  Faults(Controls controls) {
    this.controls = controls;
  }

  /**
   * A request, as predicates see it.
   *
   * @param method HTTP method
   * @param path path without query
   * @param query raw query, empty if there is none
   * @param watch whether it opens a watch
   */
  public record Call(String method, String path, String query, boolean watch) {

    /** Whether it may change something. */
    public boolean write() {
      return !method.equals("GET") && !method.equals("HEAD");
    }
  }

  /** One way to go wrong. */
  public sealed interface Fault {

    /** Waits this long before looking at the request. */
    record Latency(Duration before) implements Fault {}

    /** Looks at the request only when this stage completes. */
    record HoldRequest(CompletionStage<?> until) implements Fault {}

    /** Answers 429 with Retry-After, and changes nothing. */
    record TooManyRequests(int retryAfterSeconds) implements Fault {}

    /** Answers 500, and changes nothing. */
    record ErrorBeforeCommit() implements Fault {}

    /** Answers 507, as when the disk is full, and changes nothing. */
    record NoSpace() implements Fault {}

    /** Cuts the connection, and changes nothing. */
    record DropRequest() implements Fault {}

    /** Performs the request, then answers 500. */
    record ErrorAfterCommit() implements Fault {}

    /** Performs the request, then cuts the connection instead of answering. */
    record DropAnswer() implements Fault {}

    /** Performs the request, and sends the answer this much later. */
    record LateAnswer(Duration after) implements Fault {}

    /** Performs the request, and sends the answer when this stage completes. */
    record HoldAnswer(CompletionStage<?> until) implements Fault {}
  }

  /** A fault in force until it is closed or has struck as often as it should. */
  public final class Injection implements AutoCloseable {
    private final Predicate<Call> when;
    private final Fault fault;
    private final AtomicInteger left;
    private final AtomicInteger hits = new AtomicInteger();

    private Injection(Predicate<Call> when, Fault fault, int times) {
      this.when = when;
      this.fault = fault;
      this.left = new AtomicInteger(times);
    }

    /** How many requests it has struck. */
    public int hits() {
      return hits.get();
    }

    private boolean strikes(Call call) {
      if (!when.test(call) || left.getAndUpdate(n -> n > 0 ? n - 1 : 0) == 0) {
        return false;
      }
      hits.incrementAndGet();
      return true;
    }

    @Override
    public void close() {
      injections.remove(this);
    }
  }

  /** Strikes every request that matches, until closed. */
  public Injection inject(Predicate<Call> when, Fault fault) {
    return inject(Integer.MAX_VALUE, when, fault);
  }

  /** Strikes the next {@code times} requests that match. */
  public Injection inject(int times, Predicate<Call> when, Fault fault) {
    Injection injection = new Injection(when, fault, times);
    injections.add(injection);
    return injection;
  }

  /** Cuts every open watch now, as a restarting API server does. */
  public void closeWatches() {
    controls.closeWatches();
  }

  /** Delays every watch event by this much from now on; zero ends it. */
  public void lagWatches(Duration lag) {
    watchLag = lag;
  }

  /**
   * Forgets all history: watches and lists from any older resourceVersion get 410 Expired. Open
   * watches that have sent everything go on. Blocks until done.
   */
  public void compactNow() {
    controls.compactNow();
  }

  /** Ends all faults. */
  public void clear() {
    injections.clear();
    watchLag = Duration.ZERO;
  }

  Duration watchLag() {
    return watchLag;
  }

  /** The faults that strike this request, in the order of their injection. */
  List<Fault> striking(Call call) {
    return injections.isEmpty()
        ? List.of()
        : injections.stream().filter(i -> i.strikes(call)).map(i -> i.fault).toList();
  }
}
