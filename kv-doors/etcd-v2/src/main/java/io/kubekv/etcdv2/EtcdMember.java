package io.kubekv.etcdv2;

import java.util.List;

/**
 * A member as etcd's API shows it.
 *
 * @param id 64 bits, not zero
 * @param clientUrls what clients are given to connect to; empty: of the member that answers, the
 *     URL that the client came by, which it can certainly reach
 * @param answers whether it is the one that answers
 * @param leads whether it is the leader
 */
public record EtcdMember(
    long id, String name, List<String> clientUrls, boolean answers, boolean leads) {
  public EtcdMember {
    clientUrls = List.copyOf(clientUrls);
  }

  String shownId() {
    return Long.toHexString(id);
  }
}
