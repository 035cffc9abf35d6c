package io.kubekv.etcd;

import io.kubekv.Revision;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How the etcd behind a store is, and how closely this process follows it.
 *
 * @param prefix below which the store's keys stand in etcd
 * @param id etcd's number for its cluster; absent until it has told
 * @param revision the highest that a member told when it was asked; zero when none did
 * @param told up to where the watch of this process has told everything
 * @param lag how long it took, after {@code revision} was heard of, until the watch had told
 *     everything up to it; absent when it had not within a second, or no member answered
 * @param members one for each endpoint that the store was given, in that order, then the members
 *     that it was not given; immutable
 */
public record EtcdCluster(
    String prefix,
    OptionalLong id,
    Revision revision,
    Revision told,
    Optional<Duration> lag,
    List<Member> members) {
  public EtcdCluster {
    members = List.copyOf(members);
  }

  /**
   * A member of the cluster.
   *
   * @param endpoint where this process reaches it; empty for one that it was not told of
   * @param name its name in the cluster; empty when it is not known
   * @param state what it says of itself; absent when it was not asked or did not answer
   * @param problem why there is no state, or what the member says is wrong; empty when all is well
   */
  public record Member(String endpoint, String name, Optional<State> state, String problem) {}

  /**
   * What a member says of itself.
   *
   * @param id its number
   * @param version etcd's version
   * @param role what it does in the cluster
   * @param revision up to where it has applied the cluster's changes
   * @param databaseBytes size of its file
   * @param usedBytes how much of the file is in use; defragmenting gives the rest back
   */
  public record State(
      long id, String version, Role role, Revision revision, long databaseBytes, long usedBytes) {}

  /** What a member does. */
  public enum Role {
    LEADER,
    FOLLOWER,
    /** It has no vote yet. */
    LEARNER,
    /** It knows of no leader, so the cluster cannot write as far as it sees. */
    LEADERLESS
  }
}
