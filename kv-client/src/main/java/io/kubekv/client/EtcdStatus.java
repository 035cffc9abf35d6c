package io.kubekv.client;

import io.kubekv.Revision;
import io.kubekv.replica.v1.ReplicaProto;
import io.kubekv.wire.Values;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The etcd that a store is kept in, as one server sees it.
 *
 * @param prefix below which the store's keys stand
 * @param clusterId etcd's number for its cluster; zero until it has told
 * @param revision the highest that a member told; zero when none answered
 * @param told up to where the server's watch has told everything
 * @param lag how long it took, after {@code revision} was heard of, until the watch had told
 *     everything up to it; absent when it had not within a second, or no member answered
 * @param members one for each endpoint that the server was given, then those that it was not
 */
public record EtcdStatus(
    String prefix,
    long clusterId,
    Revision revision,
    Revision told,
    Optional<Duration> lag,
    List<Member> members) {
  /**
   * A member of the cluster.
   *
   * @param endpoint empty for a member that the server was not told of
   * @param name its name in the cluster, where it is known
   * @param problem what is wrong with it; empty when nothing is
   * @param state absent when it did not answer
   */
  public record Member(String endpoint, String name, String problem, Optional<State> state) {}

  /**
   * What a member says of itself.
   *
   * @param role leader, follower, learner or leaderless
   * @param revision up to where it has applied the cluster's changes
   * @param databaseBytes size of its file
   * @param usedBytes how much of that is in use
   */
  public record State(
      long id,
      String version,
      String role,
      Revision revision,
      long databaseBytes,
      long usedBytes) {}

  static EtcdStatus of(ReplicaProto.StatusResponse.Etcd wire) {
    return new EtcdStatus(
        wire.getPrefix(),
        wire.getClusterId(),
        new Revision(wire.getRevision()),
        new Revision(wire.getTold()),
        wire.hasLag() ? Optional.of(Values.toPort(wire.getLag())) : Optional.empty(),
        wire.getMembersList().stream().map(EtcdStatus::member).toList());
  }

  private static Member member(ReplicaProto.StatusResponse.EtcdMember wire) {
    return new Member(
        wire.getEndpoint(),
        wire.getName(),
        wire.getProblem(),
        wire.hasState() ? Optional.of(state(wire.getState())) : Optional.empty());
  }

  private static State state(ReplicaProto.StatusResponse.EtcdMemberState wire) {
    return new State(
        wire.getId(),
        wire.getVersion(),
        wire.getRole(),
        new Revision(wire.getRevision()),
        wire.getDatabaseBytes(),
        wire.getUsedBytes());
  }
}
