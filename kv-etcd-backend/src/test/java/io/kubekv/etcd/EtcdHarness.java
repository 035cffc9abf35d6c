package io.kubekv.etcd;

import io.etcd.jetcd.api.CompactionRequest;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.KVGrpc;
import io.grpc.ManagedChannel;
import io.kubekv.Entry;
import io.kubekv.KeyValueStore;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.contract.ClockDriver;
import io.kubekv.contract.ForwardingStore;
import io.kubekv.contract.StoreHarness;
import io.kubekv.contract.StoreSpec;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A store on a real etcd that no other test uses meanwhile, at the end of a cable. Where a test
 * wants a small history it gets a new etcd, which is compacted when more than that was put.
 */
final class EtcdHarness implements StoreHarness {
  /** What {@link EtcdStore} says, and what a busy machine adds. */
  private static final Duration TOLERANCE = Duration.ofSeconds(5);

  private final EtcdVersion version;
  private final boolean ownEtcd;
  private final EtcdProcess etcd;
  private final Cable cable;
  private final EtcdStoreConfig config;
  private volatile ForgetfulEtcd connection;
  private volatile KeyValueStore store;

  EtcdHarness(EtcdVersion version, StoreSpec spec) {
    this.version = version;
    this.ownEtcd = spec.historyBytes() < StoreSpec.DEFAULT.historyBytes();
    this.etcd = ownEtcd ? EtcdProcess.start(version) : EtcdProcess.borrow(version);
    this.cable = new Cable(etcd.port());
    this.config =
        EtcdStoreConfig.defaults("/" + UUID.randomUUID() + "/")
            .withLimits(spec.limits())
            .withHistoryBytes(spec.historyBytes())
            .withPatience(Duration.ofSeconds(5), Duration.ofSeconds(3));
    this.connection = connect();
    this.store = open();
  }

  private ForgetfulEtcd connect() {
    return new ForgetfulEtcd(GrpcEtcd.connect(EtcdAccess.plain(List.of(cable.endpoint()))));
  }

  private KeyValueStore open() {
    KeyValueStore opened = EtcdStore.open(connection, config);
    return ownEtcd ? new Compacting(opened) : opened;
  }

  /** Compacts etcd so that about as much of what was put is kept as the history is to hold. */
  private final class Compacting extends ForwardingStore {
    private final Deque<Entry> kept = new ConcurrentLinkedDeque<>();
    private final AtomicLong keptBytes = new AtomicLong();

    Compacting(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public PutOutcome put(PutRequest request) {
      PutOutcome outcome = super.put(request);
      if (outcome instanceof PutOutcome.Stored stored) {
        kept.add(stored.entry());
        if (keptBytes.addAndGet(stored.entry().value().size()) > 2 * config.historyBytes()) {
          compact(forgotten().modifyRevision().value());
        }
      }
      return outcome;
    }

    private Entry forgotten() {
      Entry last = kept.getFirst();
      while (keptBytes.get() > config.historyBytes()) {
        last = kept.removeFirst();
        keptBytes.addAndGet(-last.value().size());
      }
      return last;
    }

    private void compact(long revision) {
      ManagedChannel channel = Channels.open(EtcdAccess.plain(List.of(etcd.endpoint())));
      try {
        KVGrpc.newBlockingStub(channel)
            .compact(CompactionRequest.newBuilder().setRevision(revision).build());
      } finally {
        channel.shutdownNow();
      }
      Deadline noticed = Deadline.in(patience());
      while (status().oldest().value() <= revision && !noticed.passed()) {
        Threads.pause(Duration.ofMillis(20));
      }
    }
  }

  @Override
  public KeyValueStore store() {
    return store;
  }

  @Override
  public ClockDriver clock() {
    return ClockDriver.realTime(TOLERANCE);
  }

  @Override
  public Duration patience() {
    return Duration.ofSeconds(60);
  }

  @Override
  public void loseNextAnswer() {
    connection.loseNextAnswer();
  }

  @Override
  public void loseNextRequest() {
    connection.loseNextRequest();
  }

  @Override
  public void makeUnavailable() {
    cable.unplug();
  }

  @Override
  public void heal() {
    cable.plug();
  }

  @Override
  public void dropConnections() {
    cable.cut();
  }

  @Override
  public void restart() {
    store.close();
    connection = connect();
    store = open();
  }

  /** What a lease would delete later would move the revision on under the next test. */
  private void leaveNothing() {
    Span all = new EtcdKeys(config.prefix()).all();
    ManagedChannel channel = Channels.open(EtcdAccess.plain(List.of(etcd.endpoint())));
    try {
      KVGrpc.newBlockingStub(channel)
          .deleteRange(
              DeleteRangeRequest.newBuilder().setKey(all.from()).setRangeEnd(all.end()).build());
    } finally {
      channel.shutdownNow();
    }
  }

  @Override
  public void close() {
    store.close();
    cable.close();
    if (ownEtcd) {
      etcd.close();
    } else {
      leaveNothing();
      etcd.giveBack(version);
    }
  }
}
