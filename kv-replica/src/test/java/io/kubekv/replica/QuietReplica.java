package io.kubekv.replica;

import io.kubekv.PutRequest;
import io.kubekv.Revision;
import io.kubekv.SessionSpec;
import io.kubekv.WatchEvent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A replica where nothing happens, and everything is known at once; tests say what differs. */
abstract class QuietReplica implements LocalReplica {
  @Override
  public String identity() {
    return "self";
  }

  @Override
  public String secret() {
    return "secret";
  }

  @Override
  public boolean isFilled() {
    return true;
  }

  @Override
  public Revision shown() {
    return Revision.ZERO;
  }

  @Override
  public Optional<Lease> lease() {
    return Optional.empty();
  }

  @Override
  public void hurry() {}

  @Override
  public Optional<News> news() {
    return Optional.empty();
  }

  @Override
  public Optional<News> awaitNews(News told, Duration atMost) {
    return Optional.empty();
  }

  @Override
  public boolean announced(News news, long storeId) {
    return true;
  }

  @Override
  public Revision historyBase() {
    return Revision.ZERO;
  }

  @Override
  public void backfill(Revision base, Revision first, List<WatchEvent> earlier) {}

  @Override
  public boolean awaitShown(Revision revision, Duration atMost) {
    return true;
  }

  @Override
  public boolean awaitCompacted(Revision first, Duration atMost) {
    return false;
  }

  @Override
  public void requireFeatures(PutRequest request) {
    // all are switched on
  }

  @Override
  public void requireFeatures(SessionSpec spec) {
    // all are switched on
  }

  @Override
  public void requireCompaction() {
    // all are switched on
  }

  @Override
  public void requireDirectories() {
    // all are switched on
  }

  @Override
  public void requireNodes() {
    // all are switched on
  }

  @Override
  public State state() {
    return new State(Revision.ZERO, 0, Revision.ZERO, 0, 0, 0, "");
  }
}
