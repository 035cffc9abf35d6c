package io.kubekv.client;

import io.kubekv.Revision;
import io.kubekv.replica.v1.ReplicaProto;
import io.kubekv.wire.Values;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a replica says of itself and of those that it serves the store with.
 *
 * @param identity its name in the store's Lease
 * @param ready whether it serves clients, itself or by way of the holder
 * @param reason why not; empty when ready
 * @param storeId names the store
 * @param lease the store's Lease as it last saw it; absent while nobody holds it
 * @param revision up to where it has shown the store
 * @param announced the last revision that it may show; of the holder, the last that it has
 * @param backlog events that it must not show yet
 * @param heard how long ago the holder announced anything; absent at the holder
 * @param oldest the first revision that a watch can start from
 * @param entries how many entries it has
 * @param takeOvers how often it got the lease
 * @param lists how often it listed the store
 * @param forwarded how many calls it has sent to a holder
 * @param members all replicas, as far as it knows
 * @param etcd the etcd that the store is kept in; absent when it is kept in a Kubernetes API
 */
public record ReplicaStatus(
    String identity,
    Role role,
    boolean ready,
    String reason,
    long storeId,
    Optional<Lease> lease,
    Revision revision,
    Revision announced,
    long backlog,
    Optional<Duration> heard,
    Revision oldest,
    long entries,
    long takeOvers,
    long lists,
    long forwarded,
    List<Member> members,
    Optional<EtcdStatus> etcd) {
  /** What it does. */
  public enum Role {
    /** It holds the lease and answers. */
    HOLDER,
    /** It forwards to the holder. */
    FOLLOWER,
    /** It does neither. */
    WAITING
  }

  /**
   * The store's Lease.
   *
   * @param holder who holds it
   * @param address where the others reach the holder; empty when they cannot
   * @param duration for how long at a time
   * @param age how long ago it was seen renewed
   */
  public record Lease(String holder, String address, Duration duration, Duration age) {}

  /**
   * A replica.
   *
   * @param clientUrls where clients reach its etcd v2 API
   * @param address where the others reach it
   */
  public record Member(String identity, String name, List<String> clientUrls, String address) {}

  static ReplicaStatus of(ReplicaProto.StatusResponse wire) {
    return new ReplicaStatus(
        wire.getIdentity(),
        switch (wire.getRole()) {
          case ROLE_HOLDER -> Role.HOLDER;
          case ROLE_FOLLOWER -> Role.FOLLOWER;
          case ROLE_WAITING, ROLE_UNSPECIFIED, UNRECOGNIZED -> Role.WAITING;
        },
        wire.getReady(),
        wire.getReason(),
        wire.getStoreId(),
        wire.hasLease() ? Optional.of(lease(wire.getLease())) : Optional.empty(),
        new Revision(wire.getRevision()),
        new Revision(wire.getAnnounced()),
        wire.getBacklog(),
        wire.hasHeard() ? Optional.of(Values.toPort(wire.getHeard())) : Optional.empty(),
        new Revision(wire.getOldest()),
        wire.getEntries(),
        wire.getTakeOvers(),
        wire.getLists(),
        wire.getForwarded(),
        wire.getMembersList().stream().map(ReplicaStatus::member).toList(),
        wire.hasEtcd() ? Optional.of(EtcdStatus.of(wire.getEtcd())) : Optional.empty());
  }

  private static Lease lease(ReplicaProto.StatusResponse.Lease wire) {
    return new Lease(
        wire.getHolder(),
        wire.getAddress(),
        Values.toPort(wire.getDuration()),
        Values.toPort(wire.getAge()));
  }

  private static Member member(ReplicaProto.Member wire) {
    return new Member(
        wire.getIdentity(), wire.getName(), wire.getClientUrlsList(), wire.getAddress());
  }
}
