package io.kubekv.etcdv3.call;

/** Which etcd this is to its clients. */
public final class Release {
  /** The release of etcd whose API this is: clients and kube-apiserver parse it. */
  public static final String VERSION = "3.6.16";

  /** What a cluster of that release has agreed on, and keeps its data as. */
  public static final String CLUSTER_VERSION = "3.6.0";

  private Release() {}
}
