package io.kubekv.server.replica;

import io.kubekv.replica.v1.ReplicaProto;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/**
 * A replica as the others know it.
 *
 * @param identity its name in the Lease, unique to a process and one run of it
 * @param name a name for people
 * @param clientUrls where clients reach its etcd v2 API; empty when it does not know
 * @param address where the other replicas reach it; empty when they cannot
 */
public record Member(String identity, String name, List<String> clientUrls, String address) {
  public Member {
    clientUrls = List.copyOf(clientUrls);
  }

  /** A number for it, never 0. */
  public long id() {
    byte[] name = identity.getBytes(StandardCharsets.UTF_8);
    return UUID.nameUUIDFromBytes(name).getMostSignificantBits() | 1;
  }

  ReplicaProto.Member toWire() {
    return ReplicaProto.Member.newBuilder()
        .setIdentity(identity)
        .setName(name)
        .addAllClientUrls(clientUrls)
        .setAddress(address)
        .build();
  }

  static Member of(ReplicaProto.Member wire) {
    return new Member(
        wire.getIdentity(), wire.getName(), wire.getClientUrlsList(), wire.getAddress());
  }
}
