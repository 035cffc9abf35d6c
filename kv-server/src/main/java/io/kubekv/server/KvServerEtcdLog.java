package io.kubekv.server;

import io.kubekv.cli.terminal.Durations;
import io.kubekv.client.EtcdStatus;
import io.kubekv.engine.ByteRate;
import io.kubekv.engine.EngineSettings;
import io.kubekv.engine.EngineStore;
import io.kubekv.engine.log.SharedLease.Holder;
import io.kubekv.etcd.EtcdAccess;
import io.kubekv.etcd.api.EtcdClient;
import io.kubekv.etcd.api.GrpcEtcdClient;
import io.kubekv.etcd.api.LogKeys;
import io.kubekv.etcd.lease.EtcdLease;
import io.kubekv.etcd.log.EtcdLog;
import io.kubekv.etcd.log.LogStanding;
import io.kubekv.etcd.log.PrefixCheck;
import io.kubekv.replica.HolderWords;
import io.kubekv.replica.LocalReplica;
import io.kubekv.replica.LogReplica;
import io.kubekv.transport.ops.Metrics;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** The engine over a log on etcd, as a server's configuration wants it. */
record KvServerEtcdLog(EngineStore store, EtcdLog log, EtcdLease lease, LocalReplica replica)
    implements AutoCloseable {
  /** How many entries may stand above the newest snapshot; half of them ask for the next one. */
  private static final long ROOM = 20_000;

  /**
   * How fast entries may be written: what etcd keeps of them until it is compacted, every five
   * minutes, stays below the 8 GiB that it should hold at most.
   */
  private static final ByteRate LOG_RATE = new ByteRate(8_000_000, 1L << 30);

  private static final Duration RELEASE = Duration.ofSeconds(2);

  /**
   * Opens the log. Blocks until etcd has answered, and writes nothing before.
   *
   * @param owner what this process is called
   * @throws RuntimeException saying why it cannot be opened; nothing is left open
   */
  static KvServerEtcdLog open(ServerConfig config, ServerConfig.Etcd etcd, String owner) {
    requireWholeSeconds(config.lease());
    EtcdAccess access = KvServerEtcd.access(etcd);
    LogKeys keys = new LogKeys("/kubekv/" + etcd.namespace() + "/");
    Duration timeout = config.requestTimeout().dividedBy(3);
    EtcdClient client = GrpcEtcdClient.connect(access, timeout);
    try {
      PrefixCheck.require(client, keys, config.requestTimeout());
      Duration renewing = shorter(timeout, config.lease().dividedBy(3));
      return open(config, access, keys, owner, client, GrpcEtcdClient.connect(access, renewing));
    } catch (RuntimeException refused) {
      client.close();
      throw refused;
    }
  }

  private static KvServerEtcdLog open(
      ServerConfig config,
      EtcdAccess access,
      LogKeys keys,
      String owner,
      EtcdClient client,
      EtcdClient leases) {
    Holder self = Holder.withNewSecret(identity(owner), config.replicaAddress());
    EtcdLog log = new EtcdLog(client, keys, ROOM);
    EtcdLease lease = new EtcdLease(leases, keys.lease(), self, config.lease());
    HolderWords words = new HolderWords();
    EngineStore store = EngineStore.open(log, lease, words, settings(config));
    LogStanding standing = new LogStanding(access, client, keys, log);
    return new KvServerEtcdLog(store, log, lease, new OnEtcd(store, lease, words, standing));
  }

  /** The numbers of a log, by the names that one in a Kubernetes API has. */
  void show(Metrics metrics) {
    metrics.gauge(
        "kubekv.index.revision", "Shown here", store, own -> own.status().revision().value());
    metrics.gauge("kubekv.log.slots", "How many entries the log has room for", log, all -> ROOM);
    metrics.gauge("kubekv.log.slots.used", "Those above the newest snapshot", log, EtcdLog::used);
  }

  /** Another one in every run. */
  private static String identity(String owner) {
    return owner.replaceAll("[^!-~]", "-") + "-" + UUID.randomUUID().toString().substring(0, 8);
  }

  private static EngineSettings settings(ServerConfig config) {
    return EngineSettings.DEFAULT
        .withLimits(config.limits())
        .withHistoryBytes(config.historyBytes())
        .withPatience(config.requestTimeout())
        .withHolding(Duration.ZERO) // who forwards waits
        .withLogRate(LOG_RATE);
  }

  private static void requireWholeSeconds(Duration lease) {
    if (lease.toSeconds() < 2 || lease.toNanosPart() != 0) {
      throw new IllegalArgumentException(
          "lease-duration "
              + Durations.print(lease)
              + ": etcd's leases last whole seconds, at least 2");
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** As a replica, which says how its etcd is. */
  private static final class OnEtcd extends LogReplica {
    private final LogStanding standing;

    OnEtcd(EngineStore store, EtcdLease lease, HolderWords words, LogStanding standing) {
      super(store, lease, words, () -> "");
      this.standing = standing;
    }

    @Override
    public Optional<EtcdStatus> etcd() {
      return Optional.of(KvServerEtcd.status(standing.ask()));
    }
  }

  /** Waits a moment until the lease is given up, so that another has it at once. */
  @Override
  public void close() {
    store.close();
    try {
      boolean unused = lease.awaitRelease(RELEASE);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
