package io.kubekv.e2e.jetcd;

import static io.kubekv.e2e.jetcd.Checks.bytes;
import static io.kubekv.e2e.jetcd.Checks.get;
import static io.kubekv.e2e.jetcd.Checks.next;
import static io.kubekv.e2e.jetcd.Checks.refusal;
import static io.kubekv.e2e.jetcd.Checks.text;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KV;
import io.etcd.jetcd.Lease;
import io.etcd.jetcd.lease.LeaseKeepAliveResponse;
import io.etcd.jetcd.lease.LeaseTimeToLiveResponse;
import io.etcd.jetcd.options.LeaseOption;
import io.etcd.jetcd.options.PutOption;
import io.etcd.jetcd.support.CloseableClient;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Grants, what hangs on them, renewals, ends. */
final class Leases {
  private static final String L = Program.ROOT + "l/";

  private final KV kv;
  private final Lease leases;
  private final Checks checks;

  Leases(Client client, Checks checks) {
    this.kv = client.getKVClient();
    this.leases = client.getLeaseClient();
    this.checks = checks;
  }

  private void put(String key, long lease) throws Exception {
    get(kv.put(bytes(L + key), bytes("x"), PutOption.builder().withLeaseId(lease).build()));
  }

  private LeaseTimeToLiveResponse timeToLive(long lease) throws Exception {
    return get(leases.timeToLive(lease, LeaseOption.builder().withAttachedKeys().build()));
  }

  private String keys(long lease) throws Exception {
    return String.join(
            " ", timeToLive(lease).getKeys().stream().map(Checks::text).sorted().toList())
        .replace(L, "");
  }

  void run() throws Exception {
    long lease = get(leases.grant(100)).getID();
    checks.check("an id is positive", lease > 0, true);
    checks.check("the least time to live", get(leases.grant(1)).getTTL(), 2L);
    checks.check(
        "too long a time to live",
        refusal(() -> leases.grant(9_000_000_001L)),
        "OUT_OF_RANGE etcdserver: too large lease TTL");
    put("b", lease);
    put("a", lease);
    checks.check(
        "the key shows its lease",
        get(kv.get(bytes(L + "a"))).getKvs().getFirst().getLease() == lease,
        true);
    LeaseTimeToLiveResponse told = timeToLive(lease);
    checks.check(
        "timeToLive",
        told.getGrantedTTL() + " " + (told.getTTL() > 90 && told.getTTL() <= 100),
        "100 true");
    checks.check("attached keys", keys(lease), "a b");
    get(kv.put(bytes(L + "b"), bytes("y")));
    checks.check("a put without a lease lets it go", keys(lease), "a");
    checks.check("keepAliveOnce", get(leases.keepAliveOnce(lease)).getTTL(), 100L);
    keepAlive();
    get(leases.revoke(lease));
    checks.check(
        "revoke takes its keys",
        get(kv.get(bytes(L + "a"))).getCount() + " " + get(kv.get(bytes(L + "b"))).getCount(),
        "0 1");
    checks.check(
        "revoke again",
        refusal(() -> leases.revoke(lease)),
        "NOT_FOUND etcdserver: requested lease not found");
    checks.check("timeToLive after the end", timeToLive(lease).getTTL(), -1L);
    checks.check(
        "keepAliveOnce after the end",
        refusal(() -> leases.keepAliveOnce(lease)),
        "NOT_FOUND etcdserver: requested lease not found");
    runsOut();
  }

  /** A lease of two seconds that is kept alive lives for four. */
  private void keepAlive() throws Exception {
    long lease = get(leases.grant(2)).getID();
    put("kept", lease);
    BlockingQueue<Long> renewals = new LinkedBlockingQueue<>();
    try (CloseableClient kept = leases.keepAlive(lease, new Renewals(renewals))) {
      checks.check("keepAlive", next(renewals), 2L);
      Thread.sleep(4000);
      checks.check(
          "a lease that is kept alive lives", get(kv.get(bytes(L + "kept"))).getCount(), 1L);
    }
    get(leases.revoke(lease));
  }

  private record Renewals(BlockingQueue<Long> seen)
      implements StreamObserver<LeaseKeepAliveResponse> {
    @Override
    public void onNext(LeaseKeepAliveResponse renewed) {
      seen.add(renewed.getTTL());
    }

    @Override
    public void onError(Throwable thrown) {}

    @Override
    public void onCompleted() {}
  }

  private void runsOut() throws Exception {
    ByteSequence brief = bytes(L + "brief");
    long lease = get(leases.grant(2)).getID();
    put("brief", lease);
    checks.check(
        "it is there at first", text(get(kv.get(brief)).getKvs().getFirst().getValue()), "x");
    for (int i = 0; i < 100 && get(kv.get(brief)).getCount() == 1; i++) {
      Thread.sleep(100);
    }
    checks.check("a lease that runs out takes its keys", get(kv.get(brief)).getCount(), 0L);
    checks.check("and is gone", timeToLive(lease).getTTL(), -1L);
  }
}
