package io.kubekv.e2e.faults.nemesis;

import io.kubekv.e2e.Waiting;
import io.kubekv.e2e.api.ApiRequest;
import io.kubekv.e2e.api.Treatment;
import io.kubekv.e2e.faults.check.Violation;
import io.kubekv.e2e.faults.history.Disturbance;
import io.kubekv.e2e.faults.history.History;
import io.kubekv.e2e.faults.history.Result;
import io.kubekv.e2e.faults.load.Caller;
import io.kubekv.e2e.faults.load.Watching;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Where one scenario plays: who holds the lease at its beginning, and who will. */
final class Stage implements AutoCloseable {
  /** What has to happen takes no longer, also on a machine that has much else to do. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Duration SHORT = Duration.ofSeconds(2);
  private static final Executor THREADS = Thread::startVirtualThread;

  private final Cluster cluster;
  private final History history = new History();
  private final List<Violation> unmet = new ArrayList<>();
  private final List<Caller> callers = new ArrayList<>();
  private final String keys;
  private final Replica former;
  private final Replica next;
  private final Caller atFormer;
  private final Caller atNext;
  private long lostAt;

  /**
   * @param name of the directory in which its keys are
   */
  Stage(Cluster cluster, String name) throws IOException {
    this.cluster = cluster;
    this.keys = name + "/";
    this.former = cluster.awaitHolder(PATIENCE);
    this.next = cluster.replicas().stream().filter(one -> one != former).findFirst().orElseThrow();
    // who is to be next must be the only other one
    for (Replica other : cluster.replicas()) {
      if (other != former && other != next) {
        other.api().treat(Stage::withoutLease);
      }
    }
    this.atFormer = caller("at-former", former, PATIENCE);
    this.atNext = caller("at-next", next, PATIENCE);
  }

  private static Treatment withoutLease(ApiRequest request) {
    return request.changesLease() ? new Treatment.Cut() : Treatment.PASS;
  }

  private Caller caller(String name, Replica at, Duration deadline) {
    return heard(Caller.grpc(name, at.endpoint(), history, deadline));
  }

  private Caller heard(Caller caller) {
    callers.add(caller);
    return caller;
  }

  History history() {
    return history;
  }

  /** What did not happen though it had to. */
  List<Violation> unmet() {
    return List.copyOf(unmet);
  }

  /** A key of this scenario. */
  String key(String name) {
    return keys + name;
  }

  /** What the keys of this scenario begin with. */
  String prefix() {
    return keys;
  }

  /** The holder at the beginning. */
  Replica former() {
    return former;
  }

  /** The other one. */
  Replica next() {
    return next;
  }

  /** A client of the former holder, with patience. */
  Caller atFormer() {
    return atFormer;
  }

  /** A client of the next holder, with patience. */
  Caller atNext() {
    return atNext;
  }

  /** A client of the former holder that waits for two seconds only. */
  Caller brieflyAtFormer() {
    return caller("briefly-at-former", former, SHORT);
  }

  /** A client of a replica by ZooKeeper's protocol. */
  Caller zookeeper(Replica at) {
    return heard(Caller.zookeeper("zookeeper", at.endpoint(), history, PATIENCE));
  }

  /** Watchers that stay at the former holder. */
  Watching watching() throws IOException {
    Watching watching = new Watching("w", keys, List.of(former.endpoint()), history);
    if (!watching.hasBegun(PATIENCE)) {
      throw new IOException("a watch did not begin");
    }
    return watching;
  }

  /** Ends watchers, which must have seen a revision. */
  void finish(Watching watching, long revision) {
    for (String late : watching.finish(revision, PATIENCE)) {
      unmet.add(new Violation("a watch goes on", late, "saw not " + revision, List.of()));
    }
  }

  /** From now on the former holder's first request of some kind is held back. */
  Gate hold(Gate gate) {
    former.api().treat(gate);
    return gate;
  }

  /** Lets the former holder's lease run out; blocks until the next one holds it. */
  void depose(Gate gate) throws IOException {
    loseLease(gate);
    awaitTakeOver();
  }

  /** The former holder's lease runs out from now on, and another may take it. */
  void loseLease(Gate gate) {
    lostAt = System.nanoTime();
    gate.cutLease();
    former.api().treat(gate);
  }

  /** Blocks until the next one has the lease; it need not have the log yet. */
  void awaitLeaseAtNext() throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!cluster.isLeaseOf(next)) {
      if (System.nanoTime() > deadline) {
        throw new IOException("the lease was not taken");
      }
      Waiting.pause(Duration.ofMillis(10));
    }
  }

  /** Blocks until the next one answers. */
  void awaitTakeOver() throws IOException {
    cluster.awaitHolderOther(PATIENCE, Optional.of(former));
    awaitAnswer(atNext);
    history.add(new Disturbance(Disturbance.TAKE_OVER, next.name(), lostAt, System.nanoTime()));
  }

  /** Blocks until a program says that it is ready; whether it does in time. */
  boolean isReady(Program program) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!program.isReady() && System.nanoTime() < deadline) {
      pause(50);
    }
    return program.isReady();
  }

  /**
   * Reads until there is an answer: the lease alone does not make a holder, whose barrier must have
   * come back; and a call on a connection that was cut has an unknown outcome.
   */
  void awaitAnswer(Caller client) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!client.get(key("probe")).told()) {
      if (System.nanoTime() > deadline) {
        throw new IOException("there is no answer to reads");
      }
      pause(50);
    }
  }

  /** A call that goes on by itself. */
  CompletableFuture<Result> start(Supplier<Result> call) {
    return CompletableFuture.supplyAsync(call, THREADS);
  }

  /** What became of such a call. */
  Result result(CompletableFuture<Result> call) throws IOException {
    try {
      return call.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("a call did not return", e);
    }
  }

  /** Notes what must have happened, whatever else did. */
  void require(boolean holds, String what) {
    if (!holds) {
      unmet.add(new Violation("what the scenario asks for", keys, "not so: " + what, List.of()));
    }
  }

  void pause(long millis) {
    Waiting.pause(Duration.ofMillis(millis));
  }

  /** Everything passes again; blocks until a replica holds the lease. */
  @Override
  public void close() throws IOException {
    callers.forEach(Caller::close);
    cluster.replicas().forEach(Replica::heal);
    cluster.awaitHolder(Program.START);
  }
}
