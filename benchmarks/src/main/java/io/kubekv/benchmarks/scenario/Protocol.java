package io.kubekv.benchmarks.scenario;

import java.util.Locale;

/**
 * What contestants are asked by. Those of one comparison are asked by the same, unless it says that
 * each is asked by its own.
 */
public enum Protocol {
  ETCD_V2("etcd v2 API"),
  CONSUL("Consul API"),
  GRPC("gRPC"),
  ZOOKEEPER("ZooKeeper's protocol"),
  /** Custom resources of a Kubernetes API, without a store in front. */
  OBJECTS("Kubernetes API");

  private final String text;

  Protocol(String text) {
    this.text = text;
  }

  /** As people call it. */
  public String text() {
    return text;
  }

  /** As names of scenarios have it. */
  String slug() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
