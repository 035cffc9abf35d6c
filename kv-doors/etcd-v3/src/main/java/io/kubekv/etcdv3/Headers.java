package io.kubekv.etcdv3;

import io.kubekv.KeyValueStore;
import io.kubekv.Revision;
import io.kubekv.etcdv3.wire.ResponseHeader;

/** What every answer says: which store, which replica, how far the store is, in which epoch. */
record Headers(EtcdV3Services.Members members) {
  ResponseHeader of(KeyValueStore store, Revision revision) {
    return ResponseHeader.newBuilder()
        .setClusterId(store.id())
        .setMemberId(members.self())
        .setRevision(revision.value())
        .setRaftTerm(members.term())
        .build();
  }

  /** As far as is known here. */
  ResponseHeader of(KeyValueStore store) {
    return of(store, store.status().revision());
  }

  /** Of an answer within a transaction. */
  static ResponseHeader within(Revision revision) {
    return ResponseHeader.newBuilder().setRevision(revision.value()).build();
  }
}
