package io.kubekv.replica;

import io.kubekv.PutRequest;
import io.kubekv.Revision;
import io.kubekv.SessionSpec;
import io.kubekv.WatchEvent;
import io.kubekv.engine.EngineReplica;
import io.kubekv.engine.EngineStore;
import io.kubekv.engine.log.Announcements;
import io.kubekv.engine.log.SharedLease;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One of several replicas whose store is the engine over a log that they share. */
public class LogReplica implements LocalReplica {
  private static final Logger log = LoggerFactory.getLogger(LogReplica.class);

  private final EngineStore store;
  private final EngineReplica replica;
  private final SharedLease lease;
  private final HolderWords words;
  private final Supplier<String> trouble;
  private volatile Revision announced = Revision.ZERO;

  /**
   * @param words what the store was opened with
   * @param trouble why not every change can be stored; empty when it can
   */
  public LogReplica(
      EngineStore store, SharedLease lease, HolderWords words, Supplier<String> trouble) {
    this.store = store;
    this.replica = store.replica();
    this.lease = lease;
    this.words = words;
    this.trouble = trouble;
  }

  @Override
  public String identity() {
    return lease.self().identity();
  }

  @Override
  public String secret() {
    return lease.self().secret();
  }

  @Override
  public String problemOfStorage() {
    return trouble.get();
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
    return lease.seen().map(LogReplica::lease);
  }

  private static Lease lease(SharedLease.Sighting seen) {
    SharedLease.Holder holder = seen.holder();
    return new Lease(
        holder.identity(),
        seen.ours(),
        holder.address(),
        holder.secret(),
        seen.duration(),
        seen.age());
  }

  @Override
  public void hurry() {
    lease.hurry();
  }

  @Override
  public Optional<News> news() {
    Revision now = replica.shown();
    return replica.isActive()
        ? words.newest().map(word -> new News(now, word.epoch(), word.position(), word.nonce()))
        : Optional.empty();
  }

  @Override
  public Optional<News> awaitNews(News told, Duration atMost) throws InterruptedException {
    words.awaitOther(word(told), atMost);
    return news();
  }

  private static Announcements.Word word(News news) {
    return new Announcements.Word(news.epoch(), news.position(), news.nonce());
  }

  @Override
  public boolean announced(News news, long storeId) {
    long own = store.id();
    if (own != 0 && own != storeId) {
      return false;
    }
    announced = news.revision();
    words.hear(word(news));
    return true;
  }

  @Override
  public Set<String> features() {
    return EngineStore.features();
  }

  @Override
  public void requireFeatures(PutRequest request) {
    replica.requireFeatures(request);
  }

  @Override
  public void requireFeatures(SessionSpec spec) {
    replica.requireFeatures(spec);
  }

  @Override
  public void requireCompaction() {
    replica.requireCompaction();
  }

  @Override
  public void requireDirectories() {
    replica.requireDirectories();
  }

  @Override
  public void requireNodes() {
    replica.requireNodes();
  }

  @Override
  public void switchOn(Set<String> features) {
    var unused = store.switchOn(features).whenComplete(LogReplica::told);
  }

  private static void told(@Nullable Set<String> on, @Nullable Throwable failure) {
    if (on != null && !on.isEmpty()) {
      log.info(
          "every replica knows what is called {}: it is switched on, and versions that do not know"
              + " it cannot serve this store any more",
          String.join(", ", on));
    } else if (failure != null) {
      log.debug("features are not switched on yet: {}", failure.getMessage());
    }
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
  public boolean awaitShown(Revision revision, Duration atMost) throws InterruptedException {
    return replica.awaitShown(revision, atMost);
  }

  @Override
  public boolean awaitCompacted(Revision first, Duration atMost) throws InterruptedException {
    return replica.awaitCompacted(first, atMost);
  }

  @Override
  public State state() {
    EngineReplica.State now = replica.state();
    return new State(
        now.revision(),
        now.epoch(),
        announced,
        now.backlog(),
        now.takeOvers(),
        now.opened(),
        now.problem());
  }
}
