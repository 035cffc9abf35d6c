package io.kubekv.memory;

import io.kubekv.Cause;
import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRequest;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Layout;
import io.kubekv.Limits;
import io.kubekv.LockRules;
import io.kubekv.Precondition;
import io.kubekv.PutMode;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.RangeDeleted;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.Session;
import io.kubekv.SessionBehavior;
import io.kubekv.SessionId;
import io.kubekv.SessionSpec;
import io.kubekv.TreeRules;
import io.kubekv.WatchEvent;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The state of the store and its rules: contents, history, deadlines and sessions, which change
 * together and by one revision at a time. Not thread-safe. Times are nanoseconds of a monotonic
 * clock from 0.
 */
final class Ledger {
  private final Limits limits;
  private final Successors successors;
  private final Contents contents = new Contents();
  private final History history;
  private final Deadlines<Key> deadlines = new Deadlines<>();
  private final SessionBook sessions = new SessionBook();
  private final TreeRules tree = new TreeRules(contents::get, contents::hasBelow);
  private Revision revision = Revision.ZERO;
  private Optional<Attempt> attempt = Optional.empty();

  Ledger(Limits limits, long historyBytes, InstantSource clock) {
    this.limits = limits;
    this.successors = new Successors(clock);
    this.history = new History(historyBytes);
  }

  Revision revision() {
    return revision;
  }

  Contents contents() {
    return contents;
  }

  History history() {
    return history;
  }

  SessionBook sessions() {
    return sessions;
  }

  /** How long until something ends by itself. */
  long nanosUntilNext(long now) {
    return Math.min(deadlines.nanosUntilNext(now), sessions.nanosUntilNext(now));
  }

  /** From here on, until one of the next two, changes can be taken back and are not told. */
  Attempt begin() {
    Attempt begun = new Attempt(revision);
    attempt = Optional.of(begun);
    return begun;
  }

  void commit(Attempt done) {
    attempt = Optional.empty();
    done.events().forEach(history::add);
  }

  void rollBack(Attempt failed) {
    attempt = Optional.empty();
    failed.undo();
    revision = failed.before();
  }

  PutOutcome put(PutRequest request, long now) {
    Optional<Entry> current = contents.get(request.key());
    Optional<Refused> refused =
        (request.layout() == Layout.TREE
                ? tree.refusal(request, revision)
                : request.precondition().refusal(current, revision))
            .or(() -> refreshOfNothing(request, current))
            .or(() -> locks(now).refusal(request, current, revision));
    if (refused.isPresent()) {
      return refused.get();
    }
    List<Key> parents =
        request.layout() == Layout.TREE ? tree.missingParents(request.key()) : List.of();
    if (current.isEmpty() || !parents.isEmpty()) {
      limits.checkRoomAfter(contents.size() + parents.size() - (current.isEmpty() ? 0 : 1));
    }
    parents.forEach(
        parent ->
            put(successors.directory(parent, revision.next()), Optional.empty(), Cause.PARENT));
    Entry entry = put(successors.put(request, current, revision.next()), current, request.cause());
    schedule(entry, now);
    return new PutOutcome.Stored(entry, current);
  }

  DeleteOutcome delete(DeleteRequest request) {
    Optional<Entry> current = contents.get(request.key());
    Optional<Refused> refused =
        request.layout() == Layout.TREE
            ? tree.refusal(request, revision)
            : Precondition.PRESENT
                .refusal(current, revision)
                .or(() -> request.precondition().refusal(current, revision));
    if (refused.isPresent()) {
      return refused.get();
    }
    remove(current.orElseThrow(), request.cause(), List.of());
    return new DeleteOutcome.Deleted(revision, current.orElseThrow());
  }

  RangeDeleted deleteRange(Range range) {
    List<Entry> doomed = contents.in(range);
    Optional<Entry> top = range.self().flatMap(contents::get);
    if (range instanceof Range.Tree && top.isPresent()) {
      remove(top.get(), Cause.DELETE, doomed.subList(1, doomed.size()));
    } else {
      doomed.reversed().forEach(entry -> remove(entry, Cause.DELETE, List.of()));
    }
    return new RangeDeleted(doomed.size(), top, revision);
  }

  Session create(SessionSpec spec, long now) {
    Optional<Session> living = sessions.get(spec.id());
    if (living.isPresent()) {
      return living.get();
    }
    limits.checkRoomForSessionAfter(sessions.list().size());
    revision = revision.next();
    Session session = new Session(spec, revision, revision);
    sessions.begin(session, now);
    return session;
  }

  /** Ends a session, then releases or deletes what it held, key by key; whether there was one. */
  boolean end(SessionId id, long now) {
    Optional<Session> session = sessions.get(id);
    if (session.isEmpty()) {
      return false;
    }
    List<Entry> held =
        contents.in(Range.all()).stream().filter(e -> e.lock().isHeldBy(id)).toList();
    revision = revision.next();
    sessions.end(session.get(), held.stream().map(Entry::key).toList(), revision, now);
    boolean deletes = session.get().spec().behavior() == SessionBehavior.DELETE;
    for (Entry entry : held) {
      if (deletes) {
        remove(entry, Cause.SESSION_END, List.of());
      } else {
        put(successors.released(entry, revision.next()), Optional.of(entry), Cause.SESSION_END);
      }
    }
    return true;
  }

  /** Ends every entry and every session whose time has come; whether there was one. */
  boolean expire(long now) {
    Revision before = revision;
    for (Optional<SessionId> due = sessions.due(now); due.isPresent(); due = sessions.due(now)) {
      end(due.get(), now);
    }
    for (Optional<Key> due = deadlines.due(now); due.isPresent(); due = deadlines.due(now)) {
      Entry entry = contents.get(due.get()).orElseThrow();
      List<Entry> below =
          entry.isDirectory() ? contents.in(new Range.WithPrefix(entry.key().below())) : List.of();
      remove(entry, Cause.EXPIRE, below);
    }
    return revision.isAfter(before);
  }

  private Optional<Refused> refreshOfNothing(PutRequest request, Optional<Entry> current) {
    return request.mode() == PutMode.REFRESH
        ? Precondition.PRESENT.refusal(current, revision)
        : Optional.empty();
  }

  private LockRules locks(long now) {
    return new LockRules(id -> sessions.get(id).isPresent(), key -> sessions.delay(key, now));
  }

  private void schedule(Entry entry, long now) {
    deadlines.clear(entry.key());
    entry
        .expiry()
        .filter(expiry -> expiry.timeToLive().compareTo(Deadlines.LONGEST) < 0)
        .ifPresent(expiry -> deadlines.set(entry.key(), now + expiry.timeToLive().toNanos()));
  }

  private Entry put(Entry entry, Optional<Entry> previous, Cause cause) {
    revision = entry.modifyRevision();
    remember(entry.key());
    contents.put(entry);
    tell(new WatchEvent.Put(entry, previous, cause));
    return entry;
  }

  private void remove(Entry entry, Cause cause, List<Entry> below) {
    revision = revision.next();
    forget(entry);
    below.forEach(this::forget);
    tell(new WatchEvent.Delete(revision, entry, cause, below));
  }

  private void forget(Entry entry) {
    remember(entry.key());
    contents.remove(entry.key());
    deadlines.clear(entry.key());
  }

  /** Lets a running attempt know how the key was before the change that follows. */
  private void remember(Key key) {
    if (attempt.isPresent()) {
      Optional<Entry> entry = contents.get(key);
      OptionalLong deadline = deadlines.of(key);
      attempt.get().undoneBy(() -> restore(key, entry, deadline));
    }
  }

  private void restore(Key key, Optional<Entry> entry, OptionalLong deadline) {
    entry.ifPresentOrElse(contents::put, () -> contents.remove(key));
    deadlines.clear(key);
    deadline.ifPresent(nanos -> deadlines.set(key, nanos));
  }

  private void tell(WatchEvent event) {
    attempt.ifPresentOrElse(running -> running.happened(event), () -> history.add(event));
  }
}
