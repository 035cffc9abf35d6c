package io.kubekv.k8s;

import io.kubekv.Cause;
import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRequest;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Layout;
import io.kubekv.Limits;
import io.kubekv.Locking;
import io.kubekv.OutcomeUnknownException;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.QuarantinedException;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.SessionBehavior;
import io.kubekv.SessionId;
import io.kubekv.SessionSpec;
import io.kubekv.UnavailableException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Puts and deletes: decides on the index, commits what it decided, and decides again when the
 * commit was overtaken.
 *
 * <p>A refusal is a read of the index, so the lease is checked after it. A commit is acknowledged
 * when the lease is valid after its event is in the index; otherwise its outcome is unknown, for
 * the next holder may not have it yet.
 */
final class Writes {
  private final Index index;
  private final Committer committer;
  private final Holder holder;
  private final WriteIds ids;
  private final PathOrder order;
  private final PathOrder sessionOrder;
  private final Refusals refusals;
  private final Limits limits;
  private final InstantSource clock;

  Writes(
      Index index,
      Committer committer,
      Holder holder,
      WriteIds ids,
      PathOrder order,
      PathOrder sessionOrder,
      LockDelays delays,
      Limits limits,
      InstantSource clock) {
    this.index = index;
    this.committer = committer;
    this.holder = holder;
    this.ids = ids;
    this.order = order;
    this.sessionOrder = sessionOrder;
    this.refusals = new Refusals(index.sessions()::lives, delays);
    this.limits = limits;
    this.clock = clock;
  }

  Refusals refusals() {
    return refusals;
  }

  PutOutcome put(PutRequest request, Deadline deadline) {
    try (PathOrder.Turn turn = turn(request.key(), request.layout(), deadline);
        PathOrder.Turn session = sessionTurn(request.locking(), deadline)) {
      while (true) {
        Term term = holder.awaitActive(deadline);
        Snapshot now = index.snapshot();
        Optional<Refused> refused = refusals.of(request, now);
        if (refused.isPresent()) {
          return checked(refused.get(), term);
        }
        Optional<PutOutcome.Stored> outcome = putOn(now, request, deadline);
        if (outcome.isPresent()) {
          return outcome.get();
        }
        requireTime(request.key(), deadline);
      }
    }
  }

  DeleteOutcome delete(DeleteRequest request, Deadline deadline) {
    try (PathOrder.Turn turn = turn(request.key(), request.layout(), deadline)) {
      while (true) {
        Term term = holder.awaitActive(deadline);
        Snapshot now = index.snapshot();
        Optional<Refused> refused = refusals.of(request, now);
        if (refused.isPresent()) {
          return checked(refused.get(), term);
        }
        Snapshot.Held held = now.held(request.key()).orElseThrow();
        Optional<Revision> deleted = mark(held, request.cause(), deadline);
        if (deleted.isPresent()) {
          return new DeleteOutcome.Deleted(deleted.get(), held.entry());
        }
        requireTime(request.key(), deadline);
      }
    }
  }

  /**
   * Deletes what has this key, whatever it is; the caller has seen to the order of writes.
   *
   * @return the revision; empty when there is nothing
   */
  Optional<Revision> deleteAny(Key key, Cause cause, Deadline deadline) {
    while (true) {
      Optional<Snapshot.Held> held = index.snapshot().held(key);
      if (held.isEmpty()) {
        return Optional.empty();
      }
      Optional<Revision> deleted = mark(held.get(), cause, deadline);
      if (deleted.isPresent()) {
        return deleted;
      }
      requireTime(key, deadline);
    }
  }

  /** Marks exactly this object as deleted; empty when it was overtaken. */
  Optional<Revision> mark(Snapshot.Held held, Cause cause, Deadline deadline) {
    requireHeld();
    return commit(deletion(held, cause), deadline).map(StoredObject::revision);
  }

  /** What marks exactly this object as deleted. */
  Committer.Change deletion(Snapshot.Held held, Cause cause) {
    WriteId id = ids.next(Optional.of(held.object()));
    return new Committer.Change(
        Optional.of(held.object()), held.object().deletedBy(id.id(), cause));
  }

  /**
   * Makes a put that the state does not refuse; empty when the key was overtaken. The caller has
   * the key's turn.
   */
  Optional<PutOutcome.Stored> putOn(Snapshot now, PutRequest request, Deadline deadline) {
    Key key = request.key();
    List<Key> parents = missingParents(now, request);
    checkRoom(now, request, parents.size());
    requireHeld();
    for (Key parent : parents) {
      if (!makeParent(parent, deadline)) {
        return Optional.empty();
      }
    }
    return commit(change(now, request), deadline).map(object -> stored(object, now));
  }

  /** Fails when the store would hold too much. */
  void checkRoom(Snapshot now, PutRequest request, int parents) {
    boolean isNew = now.held(request.key()).isEmpty();
    if (isNew || parents > 0) {
      limits.checkRoomAfter((long) now.size() + parents - (isNew ? 0 : 1));
    }
  }

  static List<Key> missingParents(Snapshot now, PutRequest request) {
    return request.layout() == Layout.TREE
        ? Refusals.tree(now).missingParents(request.key())
        : List.of();
  }

  /** What a put that the state does not refuse writes. */
  Committer.Change change(Snapshot now, PutRequest request) {
    Key key = request.key();
    requireOurs(key);
    Optional<StoredObject> base =
        now.held(key).map(Snapshot.Held::object).or(() -> index.marked(key));
    return new Committer.Change(base, Contents.put(request, base, ids.next(base)));
  }

  /** What a put has stored over that state. */
  PutOutcome.Stored stored(StoredObject object, Snapshot before) {
    return new PutOutcome.Stored(entryOf(object), before.get(object.key()));
  }

  /** Begins a session; empty when something came into its place. */
  Optional<StoredObject> beginSession(SessionSpec spec, Deadline deadline) {
    requireHeld();
    Key key = StoredObject.sessionKey(spec.id());
    SessionSettings settings =
        new SessionSettings(spec.name(), spec.behavior(), spec.lockDelay(), spec.note());
    Optional<StoredObject> base = index.object(ObjectType.SESSION, key);
    ObjectSpec next =
        ObjectSpec.first(ObjectType.SESSION, key, settings.toBytes(), Cause.CREATE, ids.next(base))
            .withTtl(spec.timeToLive());
    return commit(new Committer.Change(base, next), deadline);
  }

  /** Writes the same content again, for another reason; empty when it was overtaken. */
  Optional<StoredObject> touch(StoredObject object, Cause cause, Deadline deadline) {
    requireHeld();
    WriteId id = ids.next(Optional.of(object));
    ObjectSpec next = object.updatedBy(id.id(), cause, object.spec().value());
    return commit(new Committer.Change(Optional.of(object), next), deadline);
  }

  /** Releases or deletes a key if it names a session, which has ended. */
  void endLock(Key key, SessionId session, SessionBehavior behavior, Deadline deadline) {
    try (PathOrder.Turn turn = order.tree(key, deadline)) {
      while (true) {
        Optional<Snapshot.Held> held =
            index.snapshot().held(key).filter(now -> now.entry().lock().isHeldBy(session));
        if (held.isEmpty() || endLock(held.get(), behavior, deadline)) {
          return;
        }
        requireTime(key, deadline);
      }
    }
  }

  private boolean endLock(Snapshot.Held held, SessionBehavior behavior, Deadline deadline) {
    if (behavior == SessionBehavior.DELETE) {
      return mark(held, Cause.SESSION_END, deadline).isPresent();
    }
    requireHeld();
    StoredObject object = held.object();
    WriteId id = ids.next(Optional.of(object));
    ObjectSpec next =
        object
            .updatedBy(id.id(), Cause.SESSION_END, object.spec().value())
            .withLock(object.lock().released());
    return commit(new Committer.Change(Optional.of(object), next), deadline).isPresent();
  }

  /** The entry as readers see it; made anew only if it has been changed since. */
  private Entry entryOf(StoredObject object) {
    return index
        .snapshot()
        .get(object.key())
        .filter(entry -> entry.modifyRevision().equals(object.revision()))
        .orElseGet(() -> object.toEntry(clock.instant()));
  }

  /** False when something else came into its place. */
  private boolean makeParent(Key parent, Deadline deadline) {
    requireOurs(parent);
    try (PathOrder.Turn turn = order.parent(parent, deadline)) {
      if (index.snapshot().get(parent).isPresent()) {
        return index.snapshot().get(parent).filter(Entry::isDirectory).isPresent();
      }
      Optional<StoredObject> base = index.marked(parent);
      ObjectSpec next = Contents.parent(parent, ids.next(base));
      return commit(new Committer.Change(base, next), deadline).isPresent();
    }
  }

  private Optional<StoredObject> commit(Committer.Change change, Deadline deadline) {
    return acknowledged(committer.commit(change, deadline));
  }

  /** The object, once it is sure that the next holder will see it; empty when overtaken. */
  Optional<StoredObject> acknowledged(Committer.Outcome outcome) {
    return switch (outcome) {
      case Committer.Outcome.Committed committed -> {
        if (!holder.isActive()) {
          throw new OutcomeUnknownException(
              "the lease ended while "
                  + committed.object().key()
                  + " was written; it was applied here,"
                  + " but the next holder may not have seen it yet");
        }
        yield Optional.of(committed.object());
      }
      case Committer.Outcome.Overtaken overtaken -> Optional.empty();
    };
  }

  /** The session that is to hold the key must not be ended meanwhile. */
  PathOrder.Turn sessionTurn(Locking locking, Deadline deadline) {
    return switch (locking) {
      case Locking.None none -> () -> {};
      case Locking.Release release -> () -> {};
      case Locking.Acquire acquire -> together(acquire.session(), deadline);
      case Locking.HandOver over -> together(over.next(), deadline);
    };
  }

  private PathOrder.Turn together(SessionId session, Deadline deadline) {
    return sessionOrder.together(StoredObject.sessionKey(session), deadline);
  }

  /** Waits for the other writes of the key, and with a tree of what is above it. */
  PathOrder.Turn turn(Key key, Layout layout, Deadline deadline) {
    return switch (layout) {
      case FLAT -> order.flat(key, deadline);
      case TREE -> order.tree(key, deadline);
    };
  }

  /** The refusal, if it was decided on a state that was current. */
  private Refused checked(Refused refused, Term term) {
    holder.requireValid(term);
    return refused;
  }

  private void requireHeld() {
    if (!holder.isActive()) {
      throw new UnavailableException("the store is not active here: " + holder.reason());
    }
  }

  private void requireOurs(Key key) {
    Optional<ObservedObject.Foreign> stranger = index.foreign(key);
    if (stranger.isPresent()) {
      throw new QuarantinedException(
          "object "
              + stranger.get().name()
              + " has the place of key "
              + key
              + ": "
              + stranger.get().problem());
    }
  }

  /** Fails when an overtaken write may not be tried again. */
  static void requireTime(Key key, Deadline deadline) {
    if (deadline.passed()) {
      throw new UnavailableException(
          "others change " + key + " faster than it can be written; nothing was applied");
    }
  }
}
