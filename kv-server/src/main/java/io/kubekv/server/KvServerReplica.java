package io.kubekv.server;

import io.kubekv.replica.ConnectionLoop;
import io.kubekv.replica.LocalReplica;
import io.kubekv.replica.Member;
import io.kubekv.replica.ReplicaSettings;
import io.kubekv.replica.Replicas;
import io.kubekv.transport.http.EventLoop;
import io.kubekv.transport.ops.Metrics;
import io.kubekv.transport.tls.Certificates;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/** How a server's store joins the other replicas. */
final class KvServerReplica {
  private KvServerReplica() {}

  /** Joins the other replicas of a store, as {@link Replicas#join}. */
  static Replicas join(
      ServerConfig config,
      KvServerBackend backend,
      ExecutorService threads,
      EventLoop loop,
      Optional<Certificates> tls) {
    LocalReplica local = backend.replica();
    Member self =
        new Member(
            local.identity(),
            KvServerBackend.owner(),
            config.clientUrls(),
            config.replicaAddress());
    return Replicas.join(
        backend.store(),
        local,
        self,
        ReplicaSettings.withPatience(config.requestTimeout())
            .withTls(tls)
            .withToken(config.replicaToken()),
        threads,
        new ConnectionLoop(loop.netty(), loop.connections()));
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
}
