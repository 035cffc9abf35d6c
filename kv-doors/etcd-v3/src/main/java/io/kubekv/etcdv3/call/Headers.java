package io.kubekv.etcdv3.call;

import io.kubekv.KeyValueStore;
import io.kubekv.Revision;
import io.kubekv.etcdv3.wire.ResponseHeader;

/** What every answer says: which store, which replica, how far the store is, in which epoch. */
public record Headers(Members members) {
  public ResponseHeader of(KeyValueStore store, Revision revision) {
    return ResponseHeader.newBuilder()
        .setClusterId(store.id())
        .setMemberId(members.self())
        .setRevision(revision.value())
        .setRaftTerm(members.term())
        .build();
  }

  /** As far as is known here. */
  public ResponseHeader of(KeyValueStore store) {
    return of(store, store.status().revision());
  }

  /** Of an answer within a transaction. */
  public static ResponseHeader within(Revision revision) {
    return ResponseHeader.newBuilder().setRevision(revision.value()).build();
  }
}
