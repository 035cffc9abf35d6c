package io.kubekv.replica;

import io.kubekv.KeyValueStore;
import io.kubekv.StoreStatus;
import io.kubekv.replica.v1.ReplicaProto;
import io.kubekv.replica.v1.ReplicasGrpc;
import io.kubekv.transport.grpc.Companion;
import io.kubekv.wire.Values;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;

/**
 * This process as one of several replicas of a store: {@link #store} is what its doors serve, and
 * {@link #companion} what the other replicas find at its gRPC door. Thread-safe.
 */
public final class Replicas implements AutoCloseable {
  private static final Duration LOOK = Duration.ofMillis(5);

  private final KeyValueStore own;
  private final LocalReplica local;
  private final Membership membership;
  private final Following following;
  private final Forwarding forwarding;
  private final ForwardingStore store;
  private final ReplicasService service;
  private final Thread follower;

  private Replicas(
      KeyValueStore own,
      LocalReplica local,
      Member self,
      ReplicaSettings settings,
      ExecutorService threads,
      ConnectionLoop loop) {
    this.own = own;
    this.local = local;
    membership = new Membership(self.with(local.features()));
    following = new Following(local, membership, settings, loop);
    forwarding = new Forwarding(own, local, following, settings.patience(), Forwarding.Waits.REAL);
    store = new ForwardingStore(own, local, following, forwarding);
    service = new ReplicasService(local, own, membership, settings, threads, this::status);
    follower = Thread.ofVirtual().name("kubekv-following").start(following);
  }

  /**
   * Joins the other replicas. Blocks until the store can be served, here or elsewhere, at most for
   * the patience of a call.
   *
   * @param own this process's own store; stays the caller's
   * @param local what its backend says as a replica
   * @param self this process as the others shall know it
   * @param threads virtual threads; not taken over
   * @param loop the doors'; not taken over, and to be closed after this
   */
  public static Replicas join(
      KeyValueStore own,
      LocalReplica local,
      Member self,
      ReplicaSettings settings,
      ExecutorService threads,
      ConnectionLoop loop) {
    Replicas joined = new Replicas(own, local, self, settings, threads, loop);
    joined.awaitReady(settings);
    return joined;
  }

  private void awaitReady(ReplicaSettings settings) {
    long begun = System.nanoTime();
    try {
      while (!store.status().ready() && System.nanoTime() - begun < settings.patience().toNanos()) {
        Thread.sleep(LOOK);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** The store for this replica's doors. Closing it closes this process's own. */
  public KeyValueStore store() {
    return store;
  }

  /** What the other replicas need at this one's gRPC door. */
  public Companion companion() {
    return new Companion(
        List.of(service),
        List.of(new Forwarded.Reading()),
        Set.of(ReplicasGrpc.getStatusMethod().getFullMethodName()),
        Optional.of(Forwarded.HEADER),
        headers -> Forwarded.shows(local.secret(), headers));
  }

  /** All replicas, as far as is known here; this one among them. */
  public List<Member> members() {
    return local.isActive() ? membership.following() : membership.heard();
  }

  /** This one. */
  public Member self() {
    return membership.self();
  }

  /** The one that holds the lease; empty when nobody is known to. */
  public Optional<Member> holder() {
    if (local.isActive()) {
      return Optional.of(self());
    }
    return local
        .lease()
        .flatMap(
            lease ->
                members().stream()
                    .filter(member -> member.identity().equals(lease.holder()))
                    .findFirst());
  }

  /** Whether this one holds the lease and answers. */
  public boolean isActive() {
    return local.isActive();
  }

  /** How many calls were sent to a holder, tries counted. */
  public long forwarded() {
    return forwarding.forwarded();
  }

  /** The epoch of the log: grows with each replica that takes over. */
  public long epoch() {
    return local.state().epoch();
  }

  /** How often this process got the lease. */
  public long takeOvers() {
    return local.state().takeOvers();
  }

  /** Events that wait to be announced. */
  public long backlog() {
    return local.state().backlog();
  }

  /** How long nothing was heard from the holder; zero at the holder, and where nothing ever was. */
  public Duration silence() {
    return local.isActive() ? Duration.ZERO : following.silence().orElse(Duration.ZERO);
  }

  /** Ends what followers keep open here, so that they look for another holder. */
  public void dismissFollowers() {
    service.end();
  }

  @Override
  public void close() {
    following.close();
    follower.interrupt();
    try {
      follower.join(Duration.ofSeconds(2));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private ReplicaProto.StatusResponse status() {
    StoreStatus now = store.status();
    String problem = local.problemOfStorage();
    LocalReplica.State state = local.state();
    boolean active = local.isActive();
    ReplicaProto.StatusResponse.Builder status =
        ReplicaProto.StatusResponse.newBuilder()
            .setIdentity(local.identity())
            .setRole(role(active))
            .setReady(now.ready() && problem.isEmpty())
            .setReason(
                now.ready() ? problem : now.reason() + (problem.isEmpty() ? "" : "; " + problem))
            .setStoreId(own.id())
            .setRevision(state.shown().value())
            .setAnnounced((active ? state.shown() : state.announced()).value())
            .setBacklog(state.backlog())
            .setOldest(now.oldest().value())
            .setEntries(now.entries())
            .setTakeOvers(state.takeOvers())
            .setLists(state.lists())
            .setForwarded(forwarding.forwarded());
    if (!active) {
      following.silence().ifPresent(time -> status.setHeard(Values.toWire(time)));
    }
    local.lease().ifPresent(lease -> status.setLease(toWire(lease)));
    local.etcd().ifPresent(etcd -> status.setEtcd(EtcdFigures.toWire(etcd)));
    members().forEach(member -> status.addMembers(member.toWire()));
    return status.build();
  }

  private ReplicaProto.StatusResponse.Role role(boolean active) {
    if (active) {
      return ReplicaProto.StatusResponse.Role.ROLE_HOLDER;
    }
    return following.problem().isEmpty()
        ? ReplicaProto.StatusResponse.Role.ROLE_FOLLOWER
        : ReplicaProto.StatusResponse.Role.ROLE_WAITING;
  }

  private static ReplicaProto.StatusResponse.Lease toWire(LocalReplica.Lease lease) {
    return ReplicaProto.StatusResponse.Lease.newBuilder()
        .setHolder(lease.holder())
        .setAddress(lease.address())
        .setDuration(Values.toWire(lease.duration()))
        .setAge(Values.toWire(lease.age()))
        .build();
  }
}
