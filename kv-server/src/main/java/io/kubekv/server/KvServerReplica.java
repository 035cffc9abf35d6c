package io.kubekv.server;

import io.kubekv.KeyValueStore;
import io.kubekv.Revision;
import io.kubekv.WatchEvent;
import io.kubekv.k8s.Replica;
import io.kubekv.server.http.EventLoop;
import io.kubekv.server.ops.Metrics;
import io.kubekv.server.replica.LocalReplica;
import io.kubekv.server.replica.Member;
import io.kubekv.server.replica.ReplicaSettings;
import io.kubekv.server.replica.Replicas;
import io.kubekv.server.tls.Certificates;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;

/** The Kubernetes backend as a replica. */
record KvServerReplica(Replica replica, Supplier<String> trouble) implements LocalReplica {
  /**
   * Joins the other replicas of a store, as {@link Replicas#join}.
   *
   * @param owner what this process is called
   */
  static Replicas join(
      ServerConfig config,
      KeyValueStore own,
      LocalReplica local,
      String owner,
      ExecutorService threads,
      EventLoop loop,
      Optional<Certificates> tls) {
    Member self = new Member(local.identity(), owner, config.clientUrls(), config.replicaAddress());
    return Replicas.join(
        own,
        local,
        self,
        ReplicaSettings.withPatience(config.requestTimeout())
            .withTls(tls)
            .withToken(config.replicaToken()),
        threads,
        loop.netty());
  }

  /** The numbers of one that has joined. */
  static void show(Replicas replicas, Metrics metrics) {
    metrics.gauge(
        "kubekv.replica.active", "1 while it holds the lease", replicas, r -> r.isActive() ? 1 : 0);
    metrics.gauge("kubekv.replica.members", "Replicas known", replicas, r -> r.members().size());
    metrics.gauge(
        "kubekv.replica.backlog", "Events that wait to be shown", replicas, Replicas::backlog);
    metrics.gauge(
        "kubekv.replica.silence.seconds",
        "Since the holder announced anything; 0 at the holder",
        replicas,
        r -> r.silence().toMillis() / 1000.0);
    metrics.counter(
        "kubekv.replica.forwarded", "Calls sent to the holder", replicas, Replicas::forwarded);
    metrics.counter(
        "kubekv.replica.takeovers", "How often it got the lease", replicas, Replicas::takeOvers);
  }

  @Override
  public String identity() {
    return replica.identity();
  }

  @Override
  public String secret() {
    return replica.secret();
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
    return replica
        .lease()
        .map(
            seen ->
                new Lease(
                    seen.holder(),
                    seen.ours(),
                    seen.address(),
                    seen.secret(),
                    seen.duration(),
                    seen.age()));
  }

  @Override
  public void hurry() {
    replica.hurry();
  }

  @Override
  public Optional<News> news() {
    return replica.news().map(News::of);
  }

  @Override
  public Optional<News> awaitNews(News told, Duration atMost) throws InterruptedException {
    return replica.awaitNews(told.revision(), atMost).map(News::of);
  }

  @Override
  public boolean announced(News news, long storeId) {
    replica.announced(news.revision(), storeId);
    return true;
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
  public Quarantine quarantine() {
    Replica.Quarantine now = replica.quarantine();
    return new Quarantine(now.objects(), now.some());
  }

  @Override
  public State state() {
    Replica.State now = replica.state();
    return new State(
        now.shown(), now.announced(), now.backlog(), now.takeOvers(), now.lists(), now.problem());
  }
}
