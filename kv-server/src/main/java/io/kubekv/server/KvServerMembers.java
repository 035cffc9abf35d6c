package io.kubekv.server;

import io.kubekv.server.etcdv2.EtcdMember;
import io.kubekv.server.replica.Member;
import io.kubekv.server.replica.Replicas;
import java.util.List;
import java.util.Optional;

/** The replicas of the store as clients of etcd see them. */
final class KvServerMembers {
  private KvServerMembers() {}

  /** All members, the one that answers among them. Does not block. */
  static List<EtcdMember> of(ServerConfig config, Optional<Replicas> replicas) {
    return replicas
        .map(all -> members(config, all.members(), all.self(), all.holder()))
        .orElseThrow();
  }

  /** A single member that nobody gave a URL has the one that its client came by. */
  private static List<EtcdMember> members(
      ServerConfig config, List<Member> all, Member self, Optional<Member> leader) {
    boolean unnamed = all.size() == 1 && config.advertised().isEmpty();
    return all.stream()
        .map(
            member ->
                new EtcdMember(
                    member.id(),
                    member.name(),
                    unnamed ? List.of() : member.clientUrls(),
                    member.equals(self),
                    leader.equals(Optional.of(member))))
        .toList();
  }
}
