package io.kubekv.server;

import io.kubekv.server.etcdv2.EtcdMember;
import io.kubekv.server.replica.Member;
import io.kubekv.server.replica.Replicas;
import java.util.List;
import java.util.Optional;

/** The replicas of the store as clients of etcd see them. */
final class KvServerMembers {
  private KvServerMembers() {}

  /**
   * All members, the one that answers among them. Does not block.
   *
   * @param owner what this process is called
   * @param replicas absent where this process knows of no other
   */
  static List<EtcdMember> of(ServerConfig config, String owner, Optional<Replicas> replicas) {
    return replicas.map(all -> members(config, all)).orElseGet(() -> alone(config, owner));
  }

  private static List<EtcdMember> alone(ServerConfig config, String owner) {
    Member self = new Member("alone", owner, config.clientUrls(), "");
    List<String> urls = config.advertised().isEmpty() ? List.of() : self.clientUrls();
    return List.of(new EtcdMember(self.id(), self.name(), urls, true, true));
  }

  /** A single member that nobody gave a URL has the one that its client came by. */
  private static List<EtcdMember> members(ServerConfig config, Replicas replicas) {
    List<Member> all = replicas.members();
    Optional<Member> holder = replicas.holder();
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
