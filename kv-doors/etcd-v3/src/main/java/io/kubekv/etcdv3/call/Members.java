package io.kubekv.etcdv3.call;

import java.util.List;
import java.util.Optional;

/** The replicas of the store, as etcd's clients are told of them. Asked often; never waits. */
public interface Members {
  /** The number of this replica: always the same, and no other's; not 0. */
  long self();

  /** All of them, this one included. */
  List<Replica> all();

  /** The number of the one that writes; empty when none is known to. */
  Optional<Long> leader();

  /** The epoch of the log: grows with each replica that takes over. */
  long term();

  /**
   * A replica.
   *
   * @param id its number
   * @param name its name, for people
   * @param peerUrls where other replicas reach it
   * @param clientUrls where clients of etcd's API reach it: some use no other addresses than these.
   *     Empty: of the one that answers, the URL that the client came by
   */
  record Replica(long id, String name, List<String> peerUrls, List<String> clientUrls) {
    public Replica {
      peerUrls = List.copyOf(peerUrls);
      clientUrls = List.copyOf(clientUrls);
    }
  }
}
