package io.kubekv.etcd;

import io.etcd.jetcd.api.ClusterGrpc;
import io.etcd.jetcd.api.MaintenanceGrpc;
import io.etcd.jetcd.api.Member;
import io.etcd.jetcd.api.MemberListRequest;
import io.etcd.jetcd.api.StatusRequest;
import io.etcd.jetcd.api.StatusResponse;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.kubekv.Revision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Asks each member of a cluster how it is, all at the same time, over a connection of its own. */
public final class Members {
  private final EtcdAccess access;

  private Members(EtcdAccess access) {
    this.access = access;
  }

  /** Logs in wherever it asks, so that no connection is left open. */
  public static Members of(EtcdAccess access) {
    return new Members(access);
  }

  /** What an endpoint answered. */
  private record Answer(EtcdCluster.Member member, Map<Long, String> names) {}

  /** Blocks for this time at most; who has not answered by then has a problem. Never fails. */
  public List<EtcdCluster.Member> ask(Duration patience) {
    return ask(Deadline.in(patience));
  }

  private List<EtcdCluster.Member> ask(Deadline deadline) {
    List<CompletableFuture<Answer>> asked =
        access.endpoints().stream().map(endpoint -> asking(endpoint, deadline)).toList();
    List<EtcdCluster.Member> found = new ArrayList<>();
    Map<Long, String> names = new HashMap<>();
    for (CompletableFuture<Answer> answer : asked) {
      found.add(answer.join().member());
      names.putAll(answer.join().names());
    }
    return named(found, names);
  }

  private CompletableFuture<Answer> asking(String endpoint, Deadline deadline) {
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    Threads.start("member", () -> answer.complete(answer(endpoint, deadline)));
    return answer;
  }

  private Answer answer(String endpoint, Deadline deadline) {
    ManagedChannel channel =
        Channels.open(new EtcdAccess(List.of(endpoint), access.tls(), access.login()));
    try {
      Channel known = new LoginToken(channel, access.login()).on(channel);
      StatusResponse status =
          MaintenanceGrpc.newBlockingStub(known)
              .withDeadlineAfter(deadline.left(), TimeUnit.NANOSECONDS)
              .status(StatusRequest.getDefaultInstance());
      return new Answer(member(endpoint, status), names(known, deadline));
    } catch (EtcdFailure | StatusRuntimeException failed) {
      String problem = "does not answer: " + failed.getMessage();
      return new Answer(new EtcdCluster.Member(endpoint, "", Optional.empty(), problem), Map.of());
    } finally {
      channel.shutdownNow();
    }
  }

  /** The names of all members; none when this one cannot tell, as without a leader. */
  private static Map<Long, String> names(Channel channel, Deadline deadline) {
    Map<Long, String> names = new HashMap<>();
    try {
      ClusterGrpc.newBlockingStub(channel)
          .withDeadlineAfter(deadline.left(), TimeUnit.NANOSECONDS)
          .memberList(MemberListRequest.getDefaultInstance())
          .getMembersList()
          .forEach(member -> names.put(member.getID(), nameOf(member)));
    } catch (StatusRuntimeException unknown) {
      return Map.of();
    }
    return names;
  }

  /** A member that was added and never started has no name yet. */
  private static String nameOf(Member member) {
    return member.getName().isEmpty()
        ? String.join(",", member.getPeerURLsList())
        : member.getName();
  }

  private static EtcdCluster.Member member(String endpoint, StatusResponse status) {
    EtcdCluster.State state =
        new EtcdCluster.State(
            status.getHeader().getMemberId(),
            status.getVersion(),
            role(status),
            new Revision(status.getHeader().getRevision()),
            status.getDbSize(),
            status.getDbSizeInUse());
    String problem = String.join("; ", status.getErrorsList());
    return new EtcdCluster.Member(endpoint, "", Optional.of(state), problem);
  }

  private static EtcdCluster.Role role(StatusResponse status) {
    if (status.getIsLearner()) {
      return EtcdCluster.Role.LEARNER;
    }
    if (status.getLeader() == 0) {
      return EtcdCluster.Role.LEADERLESS;
    }
    return status.getLeader() == status.getHeader().getMemberId()
        ? EtcdCluster.Role.LEADER
        : EtcdCluster.Role.FOLLOWER;
  }

  /**
   * The members by their names. Those that did not answer cannot be told from those that were not
   * asked, so the latter are listed only when every endpoint answered.
   */
  private static List<EtcdCluster.Member> named(
      List<EtcdCluster.Member> asked, Map<Long, String> names) {
    Map<Long, String> others = new HashMap<>(names);
    List<EtcdCluster.Member> all = new ArrayList<>();
    for (EtcdCluster.Member member : asked) {
      long id = member.state().map(EtcdCluster.State::id).orElse(0L);
      String name = names.getOrDefault(id, "");
      others.remove(id);
      all.add(new EtcdCluster.Member(member.endpoint(), name, member.state(), member.problem()));
    }
    if (asked.stream().allMatch(member -> member.state().isPresent())) {
      others.values().stream()
          .sorted()
          .map(name -> new EtcdCluster.Member("", name, Optional.empty(), "no endpoint was given"))
          .forEach(all::add);
    }
    return all;
  }
}
