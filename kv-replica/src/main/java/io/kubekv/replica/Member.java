package io.kubekv.replica;

import io.kubekv.replica.v1.ReplicaProto;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * A replica as the others know it.
 *
 * @param identity its name in the Lease, unique to a process and one run of it
 * @param name a name for people
 * @param clientUrls where clients reach its etcd v2 API; empty when it does not know
 * @param address where the other replicas reach it; empty when they cannot
 * @param features what its version can apply of what the log may hold, by name
 */
public record Member(
    String identity, String name, List<String> clientUrls, String address, Set<String> features) {
  public Member {
    clientUrls = List.copyOf(clientUrls);
    features = Set.copyOf(features);
  }

  /** One that has not said what it can apply. */
  public Member(String identity, String name, List<String> clientUrls, String address) {
    this(identity, name, clientUrls, address, Set.of());
  }

  /** The same, that can apply these. */
  Member with(Set<String> newFeatures) {
    return new Member(identity, name, clientUrls, address, newFeatures);
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
        .addAllFeatures(features)
        .build();
  }

  static Member of(ReplicaProto.Member wire) {
    return new Member(
        wire.getIdentity(),
        wire.getName(),
        wire.getClientUrlsList(),
        wire.getAddress(),
        new HashSet<>(wire.getFeaturesList()));
  }
}
