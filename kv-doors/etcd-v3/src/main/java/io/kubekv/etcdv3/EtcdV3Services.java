package io.kubekv.etcdv3;

import io.grpc.BindableService;
import io.kubekv.etcdv3.call.CameBy;
import io.kubekv.etcdv3.call.RequiresLeader;
import io.kubekv.etcdv3.call.Setup;
import io.kubekv.etcdv3.cluster.AuthService;
import io.kubekv.etcdv3.cluster.ClusterService;
import io.kubekv.etcdv3.cluster.MaintenanceService;
import io.kubekv.etcdv3.kv.KvService;
import io.kubekv.etcdv3.kv.TxnBytes;
import io.kubekv.etcdv3.lease.LeaseService;
import io.kubekv.etcdv3.lease.LeaseTimes;
import io.kubekv.etcdv3.recipe.Contest;
import io.kubekv.etcdv3.recipe.ElectionService;
import io.kubekv.etcdv3.recipe.LockService;
import io.kubekv.etcdv3.watch.WatchService;
import java.util.List;

/**
 * The services of etcd's v3 API over a store. Who makes them binds them to a gRPC server of its
 * own, and closes them before the store.
 */
public final class EtcdV3Services implements AutoCloseable {
  private final List<BindableService> services;
  private final WatchService watches;
  private final LeaseService leases;
  private final ElectionService elections;
  private final Contest contest;

  public EtcdV3Services(Setup setup) {
    LeaseTimes times = new LeaseTimes(setup.nanoTime());
    this.contest = new Contest(setup);
    this.watches = new WatchService(setup);
    this.leases = new LeaseService(setup, times);
    this.elections = new ElectionService(setup, contest, leases);
    this.services =
        List.of(
            TxnBytes.counted(new KvService(setup)),
            RequiresLeader.heard(watches),
            leases,
            CameBy.heard(new ClusterService(setup)),
            new MaintenanceService(setup),
            new AuthService(setup),
            new LockService(setup, contest, leases),
            elections);
  }

  /** What to bind. */
  public List<BindableService> services() {
    return services;
  }

  /** How many watches are open. */
  public int watchCount() {
    return watches.count();
  }

  /**
   * Ends every stream and what waits for a lock or to lead, and what comes later: clients go on
   * elsewhere, or when the server is back. May be repeated.
   */
  @Override
  public void close() {
    watches.close();
    leases.close();
    elections.close();
    contest.close();
  }
}
