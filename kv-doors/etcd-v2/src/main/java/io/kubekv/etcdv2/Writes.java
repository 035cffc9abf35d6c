package io.kubekv.etcdv2;

import io.kubekv.Attachment;
import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRequest;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.Kind;
import io.kubekv.Layout;
import io.kubekv.Locking;
import io.kubekv.Naming;
import io.kubekv.Precondition;
import io.kubekv.Prefix;
import io.kubekv.PutMode;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.RangeDeleted;
import io.kubekv.Refused;
import io.kubekv.Revision;
import java.util.Optional;

/**
 * PUT, POST and DELETE as changes of the port, chosen as etcd chooses (etcd 3.4,
 * etcdserver/apply_v2.go).
 */
final class Writes {
  /** A key that is replaced. */
  private static final Key NOBODYS = Key.of("/");

  private final KeyValueStore store;
  private final Refusals refusals;

  /**
   * @param lookups for the reasons of a refusal
   */
  Writes(KeyValueStore store, Lookups lookups) {
    this.store = store;
    this.refusals = new Refusals(new Absence(lookups));
  }

  PutOutcome.Stored put(KeysRequest request) throws EtcdError {
    return stored(
        Await.change(store.put(putRequest(changeable(request.path()), request))), request);
  }

  PutOutcome.Stored stored(PutOutcome outcome, KeysRequest request) throws EtcdError {
    return switch (outcome) {
      case PutOutcome.Stored stored -> stored;
      case Refused refused ->
          throw refusals.of(refused, changeable(request.path()), request.compared());
    };
  }

  static PutRequest putRequest(Key key, KeysRequest request) {
    return switch (request.putCause()) {
      case CREATE -> made(key, request).withPrecondition(Precondition.ABSENT);
      case UPDATE -> changed(key, request).withPrecondition(Precondition.PRESENT);
      case COMPARE_AND_SWAP -> changed(key, request).withPrecondition(request.compared());
      case SET,
          REFRESH,
          PARENT,
          DELETE,
          COMPARE_AND_DELETE,
          EXPIRE,
          ACQUIRE,
          RELEASE,
          SESSION_END ->
          request.refresh() ? changed(key, request) : made(key, request);
    };
  }

  /** A put that makes a new entry: a file or, without a value then, a directory. */
  private static PutRequest made(Key key, KeysRequest request) {
    return new PutRequest(
        key,
        request.directory() ? Kind.DIRECTORY : Kind.VALUE,
        request.directory() ? Bytes.EMPTY : request.value(),
        0,
        request.timeToLive(),
        Precondition.NONE,
        PutMode.REPLACE,
        Layout.TREE,
        Locking.NONE,
        Optional.empty(),
        Naming.GIVEN,
        Attachment.DETACH,
        Bytes.EMPTY);
  }

  /** A put that changes an entry: its value or, on a refresh, its expiry alone. */
  private static PutRequest changed(Key key, KeysRequest request) {
    return new PutRequest(
        key,
        Kind.VALUE,
        request.value(),
        0,
        request.timeToLive(),
        Precondition.NONE,
        request.refresh() ? PutMode.REFRESH : PutMode.UPDATE,
        Layout.TREE,
        Locking.NONE,
        Optional.empty(),
        Naming.GIVEN,
        Attachment.DETACH,
        Bytes.EMPTY);
  }

  /** Creates a child whose name is its index. */
  PutOutcome.Stored post(KeysRequest request) throws EtcdError {
    PutRequest child = childRequest(request);
    return switch (Await.change(store.put(child))) {
      case PutOutcome.Stored stored -> stored;
      case Refused refused -> throw refusals.of(refused, child.key(), child.precondition());
    };
  }

  private static PutRequest childRequest(KeysRequest request) {
    Prefix below = request.path().below();
    return made(request.path().key().orElse(NOBODYS), request)
        .withPrecondition(Precondition.ABSENT)
        .withNaming(below, Naming.REVISION);
  }

  /** What a delete did: the entry that is gone, where it had one, and the revision of its going. */
  record Gone(Key key, Optional<Entry> previous, Revision revision) {}

  Gone delete(KeysRequest request) throws EtcdError {
    Key key = changeable(request.path());
    return isOfTree(request)
        ? deleteTree(key)
        : gone(Await.change(store.delete(deleteRequest(key, request))), request);
  }

  static boolean isOfTree(KeysRequest request) {
    return request.recursive() && !request.isCompared();
  }

  static DeleteRequest deleteRequest(Key key, KeysRequest request) {
    DeleteRequest plain = DeleteRequest.of(key);
    if (request.isCompared()) {
      return plain.inTree().withPrecondition(request.compared());
    }
    return request.directory() ? plain.orDirectory() : plain.inTree();
  }

  Gone gone(DeleteOutcome outcome, KeysRequest request) throws EtcdError {
    Key key = changeable(request.path());
    return switch (outcome) {
      case DeleteOutcome.Deleted deleted ->
          new Gone(key, Optional.of(deleted.previous()), deleted.revision());
      case Refused refused -> throw refusals.of(refused, deleteRequest(key, request));
    };
  }

  private Gone deleteTree(Key key) throws EtcdError {
    RangeDeleted deleted = Await.change(store.deleteRange(new Range.Tree(key)));
    if (deleted.count() == 0) {
      throw refusals.missing(key, deleted.revision());
    }
    return new Gone(key, deleted.top(), deleted.revision());
  }

  private Key changeable(NodePath path) throws EtcdError {
    if (path.key().isEmpty()) {
      throw new EtcdError(
          ErrorCode.ROOT_IS_READ_ONLY, "/", Await.read(store.revision(Freshness.LINEARIZABLE)));
    }
    return path.key().get();
  }
}
