package io.kubekv.server.etcdv2;

import java.util.List;

/**
 * What the door says of itself.
 *
 * @param memberName the one member's name
 * @param clientUrls what the member list gives clients to connect to; empty: the URL that the
 *     client came by, which it can certainly reach
 * @param serverVersion the etcd release that answers claim to come from; clients decide by it what
 *     they may use
 * @param clusterVersion as above, of the cluster
 */
public record EtcdV2Settings(
    String memberName, List<String> clientUrls, String serverVersion, String clusterVersion) {
  /** etcd 2.3.8 is the last release that spoke nothing but this protocol. */
  public static final EtcdV2Settings DEFAULT =
      new EtcdV2Settings("kubekv", List.of(), "2.3.8", "2.3.0");

  public EtcdV2Settings {
    clientUrls = List.copyOf(clientUrls);
  }

  public EtcdV2Settings withClientUrls(List<String> urls) {
    return new EtcdV2Settings(memberName, urls, serverVersion, clusterVersion);
  }
}
