package io.kubekv.cost;

import java.util.List;

/** Predicts what a workload costs the cluster and kubekv. */
public final class CostModel {
  private CostModel() {}

  /** All figures, in groups. */
  public static Prediction predict(Workload workload) {
    ApiCost api = new ApiCost(workload);
    EtcdCost etcd = new EtcdCost(workload);
    return new Prediction(
        List.of(
            new Prediction.Group("Log and snapshot", new LogCost(workload).figures()),
            new Prediction.Group("Calls of the API", api.figures()),
            new Prediction.Group("Bytes of the API", api.bytesFigures()),
            new Prediction.Group("Writes of etcd, each member", etcd.writes()),
            new Prediction.Group("etcd's database", etcd.sizes()),
            new Prediction.Group(
                "Memory of kubekv, each replica", new KubekvHeap(workload).figures()),
            new Prediction.Group(
                "Memory of the API server's watch cache", new WatchCacheHeap(workload).figures()),
            new Prediction.Group("Limits", new Bounds(workload).figures())));
  }
}
