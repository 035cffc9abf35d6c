package io.kubekv.server;

import io.kubekv.server.http.HostWhitelist;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * What the doors that speak HTTP say and let in.
 *
 * @param origins whose web pages may use the etcd v2 API from a browser; {@code *} for all
 * @param hosts by which names plain requests may call the server; empty: any, and on loopback the
 *     machine's own
 * @param consulNode the name of Consul's one node
 */
record DoorsConfig(List<String> origins, List<String> hosts, String consulNode) {
  /** What a machine is called to which nobody has given a name. */
  private static final String NAMELESS = "kubekv";

  static final DoorsConfig DEFAULT = new DoorsConfig(List.of(), List.of(), hostName());

  DoorsConfig {
    origins = List.copyOf(origins);
    hosts = List.copyOf(hosts);
  }

  /** By which names a door may be called in plain text. */
  HostWhitelist whitelist(ListenAddress address) {
    if (!hosts.isEmpty()) {
      return HostWhitelist.of(hosts);
    }
    return address.isLoopback()
        ? HostWhitelist.ofThisMachine(List.of(hostName()))
        : HostWhitelist.ANY;
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
