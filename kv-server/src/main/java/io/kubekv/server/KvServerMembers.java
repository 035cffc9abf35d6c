package io.kubekv.server;

import io.kubekv.etcdv2.EtcdMember;
import io.kubekv.etcdv3.call.Members;
import io.kubekv.replica.Member;
import io.kubekv.replica.Replicas;
import java.util.List;
import java.util.Optional;

/** The replicas of the store as clients of etcd see them. Nothing here blocks. */
final class KvServerMembers implements Members {
  private final ServerConfig config;
  private final Replicas replicas;

  KvServerMembers(ServerConfig config, Replicas replicas) {
    this.config = config;
    this.replicas = replicas;
  }

  /** All members for clients of API version 2, the one that answers among them. */
  List<EtcdMember> second() {
    List<Member> all = replicas.members();
    Optional<Member> holder = replicas.holder();
    return all.stream()
        .map(
            member ->
                new EtcdMember(
                    member.id(),
                    member.name(),
                    urls(member, all),
                    member.equals(replicas.self()),
                    holder.equals(Optional.of(member))))
        .toList();
  }

  /** None of a single member that nobody gave one: it has the one that its client came by. */
  private List<String> urls(Member member, List<Member> all) {
    return all.size() == 1 && config.advertised().isEmpty() ? List.of() : member.clientUrls();
  }

  @Override
  public long self() {
    return replicas.self().id();
  }

  @Override
  public List<Members.Replica> all() {
    List<Member> all = replicas.members();
    return all.stream()
        .map(
            member -> new Members.Replica(member.id(), member.name(), List.of(), urls(member, all)))
        .toList();
  }

  @Override
  public Optional<Long> leader() {
    return replicas.holder().map(Member::id);
  }

  @Override
  public long term() {
    return replicas.epoch();
  }
}
