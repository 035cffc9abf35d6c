package io.kubekv.benchmarks.scenario;

/** What contestants are asked by. Those of one comparison are asked by the same. */
public enum Protocol {
  ETCD_V2("etcd v2 API"),
  CONSUL("Consul API"),
  GRPC("gRPC"),
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
}
