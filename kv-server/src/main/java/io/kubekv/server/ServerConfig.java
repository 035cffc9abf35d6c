package io.kubekv.server;

import io.kubekv.Limits;
import io.kubekv.transport.door.ListenAddress;
import io.kubekv.transport.tls.TlsFiles;
import io.kubekv.zookeeper.ZooKeeperDoor;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Everything {@code kubekv serve} can be told.
 *
 * @param etcd where the etcd door listens, absent for nowhere
 * @param consul where the Consul door listens, absent for nowhere
 * @param grpc where the gRPC door listens, absent for nowhere
 * @param ops where health and metrics are served, absent for nowhere
 * @param advertised what {@code /v2/members} names as client URLs; empty: the URL that the client
 *     came by
 * @param replica where the other replicas of the store reach this one's gRPC door; absent: where
 *     that listens, if that is an address
 * @param backend what keeps the keys
 * @param lease how long a store's lease lasts without renewal
 * @param requestTimeout how long a request waits for the store before it is called unavailable
 * @param historyBytes how much memory the event history may take
 * @param limits what the store accepts
 * @param clients what they may take
 * @param tls what the doors and the way to the other replicas speak TLS with; absent: plain text
 * @param access who may do what; absent: everybody may everything
 * @param replicaToken the token by which the other replicas know this one
 * @param doors what they say and let in, and those that are off by default
 */
record ServerConfig(
    Optional<ListenAddress> etcd,
    Optional<ListenAddress> consul,
    Optional<ListenAddress> grpc,
    Optional<ListenAddress> ops,
    List<URI> advertised,
    Optional<ListenAddress> replica,
    Backend backend,
    Duration lease,
    Duration requestTimeout,
    long historyBytes,
    Limits limits,
    LimitsConfig clients,
    Optional<TlsFiles> tls,
    Optional<AccessConfig> access,
    Optional<Path> replicaToken,
    DoorsConfig doors) {
  ServerConfig {
    advertised = List.copyOf(advertised);
  }

  /** The same, with the etcd and the gRPC door at other addresses. */
  ServerConfig listeningAt(Optional<ListenAddress> newEtcd, Optional<ListenAddress> newGrpc) {
    return new ServerConfig(
        newEtcd,
        consul,
        newGrpc,
        ops,
        advertised,
        replica,
        backend,
        lease,
        requestTimeout,
        historyBytes,
        limits,
        clients,
        tls,
        access,
        replicaToken,
        doors);
  }

  /** What the other replicas are told to connect to; empty when they cannot. */
  String replicaAddress() {
    return replica
        .filter(named -> grpc.isPresent())
        .or(() -> grpc.filter(listens -> !listens.isWildcard()))
        .map(ListenAddress::toString)
        .orElse("");
  }

  /** What clients are told to connect to, by every replica alike; empty when nobody knows. */
  List<String> clientUrls() {
    if (!advertised.isEmpty()) {
      return advertised.stream().map(Object::toString).toList();
    }
    return etcd.filter(listens -> !listens.isWildcard())
        .map(listens -> List.of((tls.isPresent() ? "https://" : "http://") + listens))
        .orElse(List.of());
  }

  /**
   * Finds out whether all doors could be opened now.
   *
   * @throws IOException naming the setting whose address cannot be listened on, and why
   */
  void requireFreeAddresses() throws IOException {
    Map<String, Optional<ListenAddress>> doors = new TreeMap<>();
    doors.put("etcd-listen", etcd);
    doors.put("consul-listen", consul);
    doors.put("grpc-listen", grpc);
    doors.put("ops-listen", ops);
    doors.put("zookeeper-listen", this.doors.zookeeper().map(ZooKeeperDoor::address));
    doors.put(PageConfig.SETTING, this.doors.page().own());
    Map<String, ListenAddress> seen = new TreeMap<>();
    for (Map.Entry<String, Optional<ListenAddress>> door : doors.entrySet()) {
      if (door.getValue().isPresent()) {
        ListenAddress address = door.getValue().get();
        seen.forEach((other, its) -> requireApart(other, its, door.getKey(), address));
        seen.put(door.getKey(), address);
        address.requireFree(door.getKey());
      }
    }
  }

  private static void requireApart(
      String one, ListenAddress its, String other, ListenAddress others) {
    if (its.equals(others) && its.port() != 0) {
      throw new IllegalArgumentException(one + " and " + other + " are both " + its);
    }
    if (its.overlaps(others)) {
      throw new IllegalArgumentException(
          one + " " + its + " and " + other + " " + others + " overlap: give them different ports");
    }
  }

  /** What keeps the keys. */
  sealed interface Backend {
    /** The namespace that holds the store's objects; in etcd a part of their prefix. */
    String namespace();
  }

  /** The API server inside this process, with its data in a folder. */
  record Embedded(Path dataDir, String namespace) implements Backend {}

  /** A cluster, by kubeconfig file and context, or by what the environment offers. */
  record Cluster(Optional<Path> kubeconfig, Optional<String> context, String namespace)
      implements Backend {}

  /**
   * An etcd v3.
   *
   * @param endpoints members of one cluster, each HOST:PORT
   * @param tls present when TLS is spoken to them
   * @param user present when etcd asks who we are
   */
  record Etcd(
      List<String> endpoints, Optional<EtcdTls> tls, Optional<EtcdUser> user, String namespace)
      implements Backend {}

  /**
   * Certificates as PEM files.
   *
   * @param authority whom to trust; absent for whom the JDK trusts
   * @param certificate our own, with {@code key}
   */
  record EtcdTls(Optional<Path> authority, Optional<Path> certificate, Optional<Path> key) {}

  /** A user of etcd; the text form never shows the password. */
  record EtcdUser(String name, String password) {
    @Override
    public String toString() {
      return "EtcdUser[" + name + "]";
    }
  }
}
