package io.kubekv.benchmarks.scenario;

import java.util.Arrays;

/** What can be measured. The names stand in results files, and stay. */
public enum Entrant {
  KUBEKV("kubekv", "kubekv on its embedded API server"),
  KUBEKV_KUBE("kubekv-kube", "kubekv on kube-apiserver"),
  KUBEKV_ETCD("kubekv-etcd", "kubekv's doors on etcd v3, without a structured API"),
  ETCD_V2("etcd-v2", "etcd 3.5 by its v2 API"),
  ETCD_V3("etcd-v3", "etcd 3.6 by its v3 API"),
  CONSUL("consul", "Consul"),
  RAW("raw", "custom resources on kube-apiserver, asked directly"),
  NAIVE("naive", "an adapter without a cache, on the embedded API server"),
  NAIVE_KUBE("naive-kube", "an adapter without a cache, on kube-apiserver");

  private final String label;
  private final String description;

  Entrant(String label, String description) {
    this.label = label;
    this.description = description;
  }

  public String label() {
    return label;
  }

  /** What it is, for a legend. */
  public String description() {
    return description;
  }

  /** The one of this label. */
  static Entrant of(String label) {
    return Arrays.stream(values())
        .filter(one -> one.label.equals(label))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no contestant is called " + label));
  }
}
