package io.kubekv.consul;

import java.time.Duration;

/**
 * What the door says of itself.
 *
 * @param datacenter the one datacenter's name
 * @param node the one node's name
 * @param version the Consul release that answers claim to come from
 * @param shortestTimeToLive of a session; Consul's {@code session_ttl_min}
 */
record ConsulSettings(String datacenter, String node, String version, Duration shortestTimeToLive) {
  /**
   * Consul's own shortest time to live is 10 s, but libkv asks for half of what it needs: a Docker
   * engine with a short {@code discovery.ttl} would be refused.
   */
  static final ConsulSettings DEFAULT =
      new ConsulSettings("dc1", "kubekv", "1.5.3", Duration.ofSeconds(1));

  /** The same with another name for the node. */
  ConsulSettings withNode(String other) {
    return new ConsulSettings(datacenter, other, version, shortestTimeToLive);
  }

  /** Whether it is the node's name, which Consul takes in any case. */
  boolean isNode(String name) {
    return name.equalsIgnoreCase(node);
  }
}
