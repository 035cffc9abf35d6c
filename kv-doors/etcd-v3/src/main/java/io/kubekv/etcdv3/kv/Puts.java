package io.kubekv.etcdv3.kv;

import io.kubekv.Attachment;
import io.kubekv.Bytes;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Precondition;
import io.kubekv.PutOutcome;
import io.kubekv.Revision;
import io.kubekv.etcdv3.call.Failures;
import io.kubekv.etcdv3.keys.KeyValues;
import io.kubekv.etcdv3.keys.Keys;
import io.kubekv.etcdv3.keys.LeaseIds;
import io.kubekv.etcdv3.wire.PutRequest;
import io.kubekv.etcdv3.wire.PutResponse;
import io.kubekv.etcdv3.wire.ResponseHeader;
import java.util.Optional;

/** etcd's puts as the port's. What keeps a value or a lease needs a key that has one. */
final class Puts {
  private Puts() {}

  static Key key(PutRequest put) {
    return Keys.of(put.getKey()).orElseThrow(() -> Failures.NOT_A_KEY.asRuntimeException());
  }

  /** A put that brings its value. */
  static io.kubekv.PutRequest of(PutRequest put) {
    io.kubekv.PutRequest plain =
        io.kubekv.PutRequest.of(key(put), KeyValues.value(put.getValue()))
            .withAttachment(attachment(put));
    return put.getIgnoreLease() ? plain.withPrecondition(Precondition.PRESENT) : plain;
  }

  /**
   * A put of the value that was read: refused when it has changed since.
   *
   * @param known what the key had; refused as missing when nothing
   */
  static io.kubekv.PutRequest again(PutRequest put, Optional<Entry> known) {
    Revision read = known.map(Entry::modifyRevision).orElse(Revision.ZERO);
    return io.kubekv.PutRequest.of(key(put), known.map(Entry::value).orElse(Bytes.EMPTY))
        .withAttachment(attachment(put))
        .withPrecondition(new Precondition.RevisionIs(read));
  }

  private static Attachment attachment(PutRequest put) {
    if (put.getIgnoreLease()) {
      return Attachment.KEEP;
    }
    return put.getLease() == 0
        ? Attachment.DETACH
        : new Attachment.To(LeaseIds.session(put.getLease()));
  }

  static PutResponse answer(PutRequest put, PutOutcome.Stored stored, ResponseHeader header) {
    PutResponse.Builder answer = PutResponse.newBuilder().setHeader(header);
    if (put.getPrevKv()) {
      stored.previous().map(KeyValues::of).ifPresent(answer::setPrevKv);
    }
    return answer.build();
  }
}
