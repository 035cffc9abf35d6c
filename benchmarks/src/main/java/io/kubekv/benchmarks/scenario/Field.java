package io.kubekv.benchmarks.scenario;

import java.util.List;

/** Who takes part together; the first is whom the others are measured by. */
enum Field {
  /** Everything that can be asked to get and put. */
  ALL(
      Entrant.ETCD_V2,
      Entrant.ETCD_V3,
      Entrant.CONSUL,
      Entrant.ZOOKEEPER,
      Entrant.KUBEKV_KUBE,
      Entrant.KUBEKV_ETCD,
      Entrant.KUBEKV,
      Entrant.RAW,
      Entrant.NAIVE_KUBE,
      Entrant.NAIVE,
      Entrant.ETCD_V2_AGAIN), // as far from the first as any
  /** By etcd v2's API, and beside them what the Kubernetes API itself costs. */
  ETCD_V2(
      Entrant.ETCD_V2,
      Entrant.KUBEKV_KUBE,
      Entrant.KUBEKV_ETCD,
      Entrant.KUBEKV,
      Entrant.RAW,
      Entrant.NAIVE_KUBE,
      Entrant.NAIVE),
  /** By etcd v2's API. */
  STORES(
      Entrant.ETCD_V2,
      Entrant.KUBEKV_KUBE,
      Entrant.KUBEKV_ETCD,
      Entrant.KUBEKV,
      Entrant.NAIVE_KUBE,
      Entrant.NAIVE),
  /** By gRPC. */
  GRPC(
      Entrant.ETCD_V3,
      Entrant.KUBEKV_KUBE,
      Entrant.KUBEKV_ETCD,
      Entrant.KUBEKV,
      Entrant.NAIVE_KUBE,
      Entrant.NAIVE),
  /** By Consul's API. */
  CONSUL(Entrant.CONSUL, Entrant.KUBEKV_KUBE, Entrant.KUBEKV_ETCD, Entrant.KUBEKV);

  private final List<Entrant> entrants;

  Field(Entrant... entrants) {
    this.entrants = List.of(entrants);
  }

  /** Those of a size: the quick one leaves out what only explains. */
  List<Entrant> of(Size size) {
    return entrants.stream().filter(entrant -> isIn(size, entrant)).toList();
  }

  private static boolean isIn(Size size, Entrant entrant) {
    return switch (entrant) {
      case NAIVE -> size == Size.ALL;
      case KUBEKV_ETCD -> size != Size.QUICK;
      default -> true;
    };
  }
}
