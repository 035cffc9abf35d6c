package io.kubekv.benchmarks.scenario;

import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * One process of a contestant.
 *
 * @param name what it is: kubekv, apiserver, etcd ...
 * @param process its number
 * @param etcdMetrics of an etcd, where it shows its metrics
 * @param ownMetrics of a kubekv that keeps its keys itself, where it shows its metrics
 */
public record ServerPart(
    String name,
    long process,
    Optional<InetSocketAddress> etcdMetrics,
    Optional<InetSocketAddress> ownMetrics) {
  static ServerPart of(String name, long process) {
    return new ServerPart(name, process, Optional.empty(), Optional.empty());
  }

  static ServerPart embedded(long process, InetSocketAddress metrics) {
    return new ServerPart("kubekv", process, Optional.empty(), Optional.of(metrics));
  }

  static ServerPart etcd(long process, InetSocketAddress metrics) {
    return new ServerPart("etcd", process, Optional.of(metrics), Optional.empty());
  }
}
