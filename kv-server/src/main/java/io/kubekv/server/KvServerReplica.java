package io.kubekv.server;

import io.kubekv.Revision;
import io.kubekv.WatchEvent;
import io.kubekv.k8s.Replica;
import io.kubekv.server.replica.LocalReplica;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The Kubernetes backend as a replica. */
record KvServerReplica(Replica replica) implements LocalReplica {
  @Override
  public String identity() {
    return replica.identity();
  }

  @Override
  public boolean isActive() {
    return replica.isActive();
  }

  @Override
  public boolean isFilled() {
    return replica.isFilled();
  }

  @Override
  public Revision shown() {
    return replica.shown();
  }

  @Override
  public Optional<Lease> lease() {
    return replica
        .lease()
        .map(
            seen ->
                new Lease(seen.holder(), seen.ours(), seen.address(), seen.duration(), seen.age()));
  }

  @Override
  public void hurry() {
    replica.hurry();
  }

  @Override
  public Optional<Revision> news() {
    return replica.news();
  }

  @Override
  public Optional<Revision> awaitNews(Revision told, Duration atMost) throws InterruptedException {
    return replica.awaitNews(told, atMost);
  }

  @Override
  public void announced(Revision revision, long storeId) {
    replica.announced(revision, storeId);
  }

  @Override
  public Optional<Revision> awaited() {
    return replica.awaited();
  }

  @Override
  public Revision historyBase() {
    return replica.historyBase();
  }

  @Override
  public void backfill(Revision base, Revision first, List<WatchEvent> earlier) {
    replica.backfill(base, first, earlier);
  }

  @Override
  public void reach(Revision revision) {
    replica.reach(revision);
  }

  @Override
  public boolean awaitShown(Revision revision, Duration atMost) throws InterruptedException {
    return replica.awaitShown(revision, atMost);
  }

  @Override
  public State state() {
    Replica.State now = replica.state();
    return new State(
        now.shown(), now.announced(), now.backlog(), now.takeOvers(), now.lists(), now.problem());
  }
}
