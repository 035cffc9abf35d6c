package io.kubekv.transport.limits;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one client may take, and what it has taken. Requests that are too much wait in the order in
 * which they came. Thread-safe.
 */
public final class Budget {
  /** A client may be in debt, but bursts of bytes are those of a second. */
  private static final int BYTES_BURST_SECONDS = 1;

  /** What a change counts as much as: it is stored, and told to everybody. */
  private static final int READS_OF_CHANGE = 4;

  /** What a byte that is stored counts as much as: measured beside listings. */
  private static final int READ_BYTES_OF_STORED = 8;

  /** How fast what is expected of a client follows what it does. */
  private static final double LEARNING = 0.125;

  /** A client whose requests wait in greater number is refused at once. */
  private static final int MOST_WAITING = 20_000;

  private final String client;
  private final Budgets all;
  private final ClientLimits limits;
  private final Bucket requests;
  private final Bucket bytes;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private final CreatedSessions sessions;
  private double expectedBytes;
  private int inFlight;
  private int watches;

  private record Waiting(Turn turn, long since) {}

  Budget(String client, Budgets all, ClientLimits limits, long now) {
    this.client = client;
    this.all = all;
    this.limits = limits;
    this.requests = new Bucket(limits.requestsPerSecond(), limits.burst(), now);
    this.bytes =
        new Bucket(
            limits.bytesPerSecond(),
            Math.max(1, limits.bytesPerSecond() * BYTES_BURST_SECONDS),
            now);
    this.sessions = new CreatedSessions(limits.sessions(), all.hits());
  }

  /** Begins a request if it is its turn; the caller ends the use. */
  public synchronized Optional<Use> tryBegin() {
    return isFree() ? Optional.of(begun()) : Optional.empty();
  }

  /** Whether a request could begin now. */
  public synchronized boolean isFree() {
    return waiting.isEmpty() && obstacle().isEmpty();
  }

  /** Begins a request whoever's turn it is, for what can neither wait nor be refused. */
  public synchronized Use begin() {
    return begun();
  }

  /** Begins a request at once if it is its turn, and otherwise lets it wait as {@link #await}. */
  public void beginOrAwait(Turn turn) {
    tryBegin().ifPresentOrElse(turn::begin, () -> await(turn));
  }

  /** Lets a request wait for its turn, if it is not there yet; refuses it where too many wait. */
  public void await(Turn turn) {
    Optional<Limit> tooMany;
    synchronized (this) {
      Optional<Limit> obstacle = obstacle();
      tooMany = waiting.size() < MOST_WAITING ? Optional.empty() : obstacle;
      if (tooMany.isEmpty()) {
        waiting.add(new Waiting(turn, all.now()));
        obstacle.ifPresent(all.hits()::delayed);
      }
    }
    tooMany.ifPresent(limit -> refuse(turn, limit));
    all.someWait(this);
    look();
  }

  private void refuse(Turn turn, Limit limit) {
    all.hits().refused(limit);
    turn.refuse(refusal(limit));
  }

  /**
   * The request that is being answered changes something, which costs more than to read it.
   *
   * @param entries that change; charged as no more than the burst that is allowed
   * @param size of the keys and values that are stored, in bytes
   */
  public synchronized void changes(long entries, long size) {
    requests.take(Math.min(limits.burst(), entries * (READS_OF_CHANGE - 1)));
    bytes.take(size * (READ_BYTES_OF_STORED - 1));
  }

  /**
   * The request that is being answered asks for as much as these more; charged as no more than the
   * burst that is allowed.
   */
  public synchronized void asks(long more) {
    requests.take(Math.clamp(more, 0, limits.burst()));
  }

  /** Whose it is: the name that it was asked for by. */
  public String client() {
    return client;
  }

  /** The sessions that this client has created. */
  public CreatedSessions sessions() {
    return sessions;
  }

  /** Whose turn it is now, and who has waited for too long. */
  void look() {
    for (Runnable next = next(); next != null; next = next()) {
      next.run();
    }
  }

  /** What is to be done for the first that waits; null when it goes on waiting, or none does. */
  private synchronized @Nullable Runnable next() {
    Waiting first = waiting.peek();
    if (first == null) {
      return null;
    }
    Turn turn = first.turn();
    if (turn.isGone()) {
      waiting.remove();
      return () -> {};
    }
    Optional<Limit> obstacle = obstacle();
    if (obstacle.isEmpty()) {
      waiting.remove();
      Use use = begun();
      return () -> turn.begin(use);
    }
    if (all.now() - first.since() < limits.patience().toNanos()) {
      return null;
    }
    waiting.remove();
    return () -> refuse(turn, obstacle.get());
  }

  synchronized boolean isWaitedFor() {
    return !waiting.isEmpty();
  }

  private Use begun() {
    inFlight++;
    requests.take(1);
    bytes.take(expectedBytes);
    return new Use(this, expectedBytes);
  }

  private Optional<Limit> obstacle() {
    long now = all.now();
    if (inFlight >= limits.requestsInFlight()) {
      return Optional.of(Limit.CLIENT_REQUESTS_IN_FLIGHT);
    }
    if (!requests.hasToken(now)) {
      return Optional.of(Limit.CLIENT_REQUEST_RATE);
    }
    return bytes.hasToken(now) ? Optional.empty() : Optional.of(Limit.CLIENT_BYTE_RATE);
  }

  private OverLimitException refusal(Limit limit) {
    String allowed =
        switch (limit) {
          case CLIENT_REQUEST_RATE -> limits.requestsPerSecond() + " requests a second";
          case CLIENT_BYTE_RATE -> limits.bytesPerSecond() + " bytes a second";
          default -> limits.requestsInFlight() + " requests at the same time";
        };
    return new OverLimitException(
        limit, "too much is asked for by " + client + ": at most " + allowed + "; ask less often");
  }

  synchronized void watchBegins(double expected) {
    watchOpens();
    inFlight--;
    bytes.take(-expected);
  }

  /**
   * A stream has a watch more, which is no request of its own. Who calls this holds on to the
   * budget until {@link #watchCloses}.
   *
   * @throws OverLimitException when the client, or all of them, have too many of these
   */
  public synchronized void watchOpens() {
    if (watches >= limits.watches()) {
      throw tooManyWatches(Limit.CLIENT_WATCHES, "by " + client, limits.watches());
    }
    if (!all.watchBegins()) {
      throw tooManyWatches(Limit.WATCHES, "by all clients together", all.maxWatches());
    }
    watches++;
  }

  private OverLimitException tooManyWatches(Limit limit, String who, int allowed) {
    all.hits().refused(limit);
    return new OverLimitException(
        limit, "too many watches are open " + who + ": at most " + allowed + "; close some first");
  }

  void requestEnds(double expected, long taken) {
    synchronized (this) {
      inFlight--;
      bytes.take(taken - expected);
      expectedBytes += LEARNING * (taken - expectedBytes);
    }
    look();
  }

  /** A stream has a watch less. */
  public void watchCloses() {
    synchronized (this) {
      watches--;
    }
    all.watchEnds();
  }
}
