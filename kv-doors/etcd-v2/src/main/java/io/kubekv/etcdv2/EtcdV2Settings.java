package io.kubekv.etcdv2;

/**
 * What the door says of itself.
 *
 * @param serverVersion the etcd release that answers claim to come from; clients decide by it what
 *     they may use
 * @param clusterVersion as above, of the cluster
 */
record EtcdV2Settings(String serverVersion, String clusterVersion) {
  /** etcd 2.3.8 is the last release that spoke nothing but this protocol. */
  static final EtcdV2Settings DEFAULT = new EtcdV2Settings("2.3.8", "2.3.0");
}
