package io.kubekv.server;

import io.kubekv.transport.door.ListenAddress;
import io.kubekv.transport.door.WebRules;
import io.kubekv.transport.http.HostWhitelist;
import io.kubekv.zookeeper.ZooKeeperDoor;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/**
 * What doors say and let in, and those that are off by default.
 *
 * @param origins whose web pages may use the etcd API from a browser, and change keys by Consul's;
 *     {@code *} for all
 * @param hosts by which names plain requests may call the server; empty: any, and on loopback the
 *     machine's own and those that nobody can register publicly
 * @param consulNode the name of Consul's one node; absent: the machine's
 * @param zookeeper the ZooKeeper door; absent for none
 * @param page where people look at the store with a browser
 */
record DoorsConfig(
    List<String> origins,
    List<String> hosts,
    Optional<String> consulNode,
    Optional<ZooKeeperDoor> zookeeper,
    PageConfig page) {
  /** What a machine is called to which nobody has given a name. */
  private static final String NAMELESS = "kubekv";

  static final DoorsConfig DEFAULT =
      new DoorsConfig(List.of(), List.of(), Optional.empty(), Optional.empty(), PageConfig.DEFAULT);

  DoorsConfig {
    origins = List.copyOf(origins);
    hosts = List.copyOf(hosts);
  }

  /** As it is said, or what the machine is called. */
  String nodeOfConsul() {
    return consulNode.orElseGet(DoorsConfig::hostName);
  }

  /** What doors that speak HTTP let in of the web. */
  WebRules web() {
    return new WebRules(origins, this::whitelist);
  }

  /** By which names a door may be called in plain text. */
  private HostWhitelist whitelist(ListenAddress address) {
    if (!hosts.isEmpty()) {
      return HostWhitelist.of(hosts);
    }
    return address.isLoopback()
        ? HostWhitelist.ofThisMachine(List.of(hostName()), fullName())
        : HostWhitelist.ANY;
  }

  /** This machine's name with its domain; asked for apart, because DNS may take its time. */
  private static Future<String> fullName() {
    CompletableFuture<String> known = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .name("kubekv-host-name")
        .start(
            () -> {
              try {
                known.complete(InetAddress.getLocalHost().getCanonicalHostName());
              } catch (UnknownHostException | RuntimeException nameless) {
                known.completeExceptionally(nameless);
              }
            });
    return known;
  }

  /** What this machine, or its container, is called: as the environment or else the system says. */
  static String hostName() {
    String said = System.getenv("HOSTNAME");
    if (said != null && !said.isEmpty()) {
      return said;
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException nameless) {
      return NAMELESS;
    }
  }
}
