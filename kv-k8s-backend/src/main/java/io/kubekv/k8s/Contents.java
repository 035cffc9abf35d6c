package io.kubekv.k8s;

import io.kubekv.Bytes;
import io.kubekv.Cause;
import io.kubekv.Key;
import io.kubekv.Kind;
import io.kubekv.Layout;
import io.kubekv.LockRules;
import io.kubekv.LockState;
import io.kubekv.PutMode;
import io.kubekv.PutRequest;
import java.util.Optional;

/** The content that a put writes, over what it finds. */
final class Contents {
  private Contents() {}

  /**
   * @param base the object in the key's place, live or marked as deleted
   */
  static ObjectSpec put(PutRequest request, Optional<StoredObject> base, WriteId id) {
    Optional<StoredObject> live = base.filter(StoredObject::isLive);
    Optional<StoredObject> kept = request.mode() == PutMode.REPLACE ? Optional.empty() : live;
    Optional<StoredObject> refreshed = request.mode() == PutMode.REFRESH ? live : Optional.empty();
    return new ObjectSpec(
        type(request, kept),
        request.key(),
        refreshed.map(object -> object.spec().value()).orElse(request.value()),
        refreshed.map(object -> object.spec().flags()).orElse(request.flags()),
        kept.map(object -> object.spec().version()).orElse(0L) + 1,
        kept.map(StoredObject::createRevision),
        request.timeToLive(),
        LockRules.after(
            request, live.map(StoredObject::lock).orElse(LockState.NONE), Optional.empty()),
        request.cause(),
        false,
        Optional.of(id));
  }

  /** A directory that a put needs above its key. */
  static ObjectSpec parent(Key key, WriteId id) {
    return ObjectSpec.first(ObjectType.DIRECTORY, key, Bytes.EMPTY, Cause.PARENT, id);
  }

  private static ObjectType type(PutRequest request, Optional<StoredObject> kept) {
    boolean keepsKind = request.mode() == PutMode.REFRESH || request.layout() == Layout.TREE;
    ObjectType asked = request.kind() == Kind.DIRECTORY ? ObjectType.DIRECTORY : ObjectType.VALUE;
    return kept.filter(object -> keepsKind).map(StoredObject::type).orElse(asked);
  }
}
