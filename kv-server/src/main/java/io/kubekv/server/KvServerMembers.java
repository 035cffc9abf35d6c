package io.kubekv.server;

import io.kubekv.etcdv2.EtcdMember;
import io.kubekv.replica.Member;
import io.kubekv.replica.Replicas;
import java.util.List;
import java.util.Optional;

/** The replicas of the store as clients of etcd see them. */
final class KvServerMembers {
  private KvServerMembers() {}

  /** All members, the one that answers among them. Does not block. */
  static List<EtcdMember> of(ServerConfig config, Replicas replicas) {
    List<Member> all = replicas.members();
    Optional<Member> holder = replicas.holder();
    // a single member that nobody gave a URL has the one that its client came by
    boolean unnamed = all.size() == 1 && config.advertised().isEmpty();
    return all.stream()
        .map(
            member ->
                new EtcdMember(
                    member.id(),
                    member.name(),
                    unnamed ? List.of() : member.clientUrls(),
                    member.equals(replicas.self()),
                    holder.equals(Optional.of(member))))
        .toList();
  }
}
