package io.kubekv.benchmarks.scenario;

import java.util.Arrays;

/** What can be measured. The names stand in results files, and stay. */
public enum Entrant {
  KUBEKV("kubekv", "kubekv on its embedded API server", Protocol.ETCD_V2),
  KUBEKV_KUBE("kubekv-kube", "kubekv on kube-apiserver", Protocol.ETCD_V2),
  KUBEKV_ETCD(
      "kubekv-etcd", "kubekv's doors on etcd v3, without a structured API", Protocol.ETCD_V2),
  ETCD_V2("etcd-v2", "etcd 3.5 by its v2 API", Protocol.ETCD_V2),
  ETCD_V2_AGAIN(
      "etcd-v2-again",
      "a second etcd 3.5 by its v2 API: how far apart two equal stores are measured",
      Protocol.ETCD_V2),
  ETCD_V3("etcd-v3", "etcd 3.6 by its v3 API", Protocol.GRPC),
  CONSUL("consul", "Consul", Protocol.CONSUL),
  ZOOKEEPER("zookeeper", "ZooKeeper 3.8, one server, by its own protocol", Protocol.ZOOKEEPER),
  RAW("raw", "custom resources on kube-apiserver, asked directly", Protocol.OBJECTS),
  NAIVE("naive", "an adapter without a cache, on the embedded API server", Protocol.ETCD_V2),
  NAIVE_KUBE("naive-kube", "an adapter without a cache, on kube-apiserver", Protocol.ETCD_V2);

  private final String label;
  private final String description;
  private final Protocol ownProtocol;

  Entrant(String label, String description, Protocol ownProtocol) {
    this.label = label;
    this.description = description;
    this.ownProtocol = ownProtocol;
  }

  public String label() {
    return label;
  }

  /** What it is, for a legend. */
  public String description() {
    return description;
  }

  /**
   * By what it is asked where each is asked by its own API; an adapter or kubekv, which have
   * several, by that of etcd v2.
   */
  Protocol ownProtocol() {
    return ownProtocol;
  }

  /** The one of this label. */
  static Entrant of(String label) {
    return Arrays.stream(values())
        .filter(one -> one.label.equals(label))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no contestant is called " + label));
  }
}
