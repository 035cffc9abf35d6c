package io.kubekv.etcd;

import io.kubekv.StoreStatus;
import io.kubekv.UnavailableException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of a store, made and started in the order in which they need each other. */
final class Machinery {
  private static final Logger LOG = LoggerFactory.getLogger(Machinery.class);

  final String process;
  final EtcdKeys keys;
  final Index index;
  final Health health;
  final Reads reads;
  final SnapshotReads snapshots;
  final Writes writes;
  final RangeDeletes ranges;
  final EtcdSessions sessions;
  final Watches watches;
  private final EtcdStoreConfig config;
  private final Etcd etcd;
  private final Guard guard;
  private final Floor floor;
  private final Feed feed;
  private final Upkeep upkeep;
  private final Standing standing;
  private final Chores chores;
  private volatile Optional<Roster> roster = Optional.empty();

  Machinery(Etcd etcd, EtcdStoreConfig config) {
    Duration patience = config.patience();
    this.process = UUID.randomUUID().toString().substring(0, 8);
    this.etcd = etcd;
    this.config = config;
    this.keys = new EtcdKeys(config.prefix());
    this.index = new Index(config.historyBytes());
    this.health = new Health(index, config.requestTimeout());
    this.guard = new Guard(etcd, keys.guard(process));
    this.floor = new Floor(etcd, guard.span());
    this.reads = new Reads(etcd, keys, health);
    this.snapshots = new SnapshotReads(reads, keys, index);
    Leases leases = new Leases(etcd);
    Transactions transactions =
        new Transactions(etcd, keys, index, guard, health, config.requestTimeout(), process);
    this.writes = new Writes(index, keys, transactions, leases, health, process);
    this.ranges = new RangeDeletes(reads, writes, keys, patience);
    SessionEnds ends = new SessionEnds(index, writes, keys, patience);
    this.sessions = new EtcdSessions(config, keys, index, reads, writes, leases, health, ends);
    this.watches = new Watches(etcd, keys, index, floor, reads, patience);
    this.feed = new Feed(etcd, keys, index, guard, floor);
    this.upkeep = new Upkeep(etcd, index, guard, floor, feed, health, config.requestTimeout());
    this.standing = new Standing(etcd, index, feed, config.prefix());
    this.chores = new Chores(index, writes, ends, keys, patience);
  }

  void start() {
    Threads.start("feed", feed::run);
    Threads.start("upkeep", upkeep::run);
    Threads.start("chores", chores::run);
  }

  synchronized void join(String description) {
    if (roster.isPresent()) {
      throw new IllegalStateException("this process has said what it is");
    }
    Roster own = new Roster(etcd, keys, process, description, config.requestTimeout());
    roster = Optional.of(own);
    own.round();
    Threads.start("roster", own::run);
  }

  Map<String, String> members() {
    return roster.map(Roster::members).orElse(Map.of());
  }

  void reportWaiting() {
    LOG.warn("not ready after {}: {}", config.patience(), health.reason());
  }

  long id() {
    long cluster = upkeep.cluster().orElseThrow(() -> new UnavailableException(health.reason()));
    return cluster * 31 + config.prefix().hashCode();
  }

  StoreStatus status() {
    boolean ready = health.isReady();
    return new StoreStatus(
        ready,
        ready ? "" : health.reason(),
        index.revision(),
        floor.oldest(),
        index.size(),
        index.bytes());
  }

  EtcdCluster cluster() {
    return standing.ask(upkeep.cluster());
  }

  void close() {
    if (!index.isClosed()) {
      index.close();
      roster.ifPresent(Roster::close);
      guard.close();
      etcd.close();
    }
  }
}
