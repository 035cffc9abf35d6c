package io.kubekv.memory;

import io.kubekv.Bytes;
import io.kubekv.Cause;
import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRequest;
import io.kubekv.Entry;
import io.kubekv.Expiry;
import io.kubekv.Key;
import io.kubekv.Kind;
import io.kubekv.Layout;
import io.kubekv.Limits;
import io.kubekv.LockRules;
import io.kubekv.LockState;
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
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * The state of the store and its rules: contents, history, deadlines and sessions, which change
 * together and by one revision at a time. Not thread-safe. Times are nanoseconds of a monotonic
 * clock from 0.
 */
final class Ledger {
  private final Limits limits;
  private final InstantSource clock;
  private final Contents contents = new Contents();
  private final History history;
  private final Deadlines<Key> deadlines = new Deadlines<>();
  private final SessionBook sessions = new SessionBook();
  private final TreeRules tree = new TreeRules(contents::get, contents::hasBelow);
  private Revision revision = Revision.ZERO;

  Ledger(Limits limits, long historyBytes, InstantSource clock) {
    this.limits = limits;
    this.clock = clock;
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
    parents.forEach(parent -> put(directory(parent), Optional.empty(), Cause.PARENT));
    Entry entry = put(next(request, current), current, request.cause());
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
        put(released(entry), Optional.of(entry), Cause.SESSION_END);
      }
    }
    return true;
  }

  private Entry released(Entry entry) {
    return new Entry(
        entry.key(),
        entry.kind(),
        entry.value(),
        entry.flags(),
        entry.createRevision(),
        revision.next(),
        entry.version() + 1,
        entry.expiry(),
        entry.lock().released());
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

  /** The entry that a put makes; its revision is the next one. */
  private Entry next(PutRequest request, Optional<Entry> current) {
    Revision at = revision.next();
    Optional<Entry> kept = request.mode() == PutMode.REPLACE ? Optional.empty() : current;
    boolean refresh = request.mode() == PutMode.REFRESH;
    boolean keepsKind = refresh || request.layout() == Layout.TREE;
    return new Entry(
        request.key(),
        kept.filter(entry -> keepsKind).map(Entry::kind).orElse(request.kind()),
        kept.filter(entry -> refresh).map(Entry::value).orElse(request.value()),
        kept.filter(entry -> refresh).map(Entry::flags).orElse(request.flags()),
        kept.map(Entry::createRevision).orElse(at),
        at,
        kept.map(Entry::version).orElse(0L) + 1,
        request.timeToLive().map(this::expiry),
        LockRules.after(request, current.map(Entry::lock).orElse(LockState.NONE), Optional.of(at)));
  }

  private Entry directory(Key key) {
    Revision at = revision.next();
    return new Entry(
        key, Kind.DIRECTORY, Bytes.EMPTY, 0, at, at, 1, Optional.empty(), LockState.NONE);
  }

  private Expiry expiry(Duration timeToLive) {
    return new Expiry(timeToLive, clock.instant().plus(bounded(timeToLive)));
  }

  private void schedule(Entry entry, long now) {
    deadlines.clear(entry.key());
    entry
        .expiry()
        .filter(expiry -> expiry.timeToLive().compareTo(Deadlines.LONGEST) < 0)
        .ifPresent(expiry -> deadlines.set(entry.key(), now + expiry.timeToLive().toNanos()));
  }

  private static Duration bounded(Duration timeToLive) {
    return timeToLive.compareTo(Deadlines.LONGEST) < 0 ? timeToLive : Deadlines.LONGEST;
  }

  private Entry put(Entry entry, Optional<Entry> previous, Cause cause) {
    revision = entry.modifyRevision();
    contents.put(entry);
    history.add(new WatchEvent.Put(entry, previous, cause));
    return entry;
  }

  private void remove(Entry entry, Cause cause, List<Entry> below) {
    revision = revision.next();
    forget(entry);
    below.forEach(this::forget);
    history.add(new WatchEvent.Delete(revision, entry, cause, below));
  }

  private void forget(Entry entry) {
    contents.remove(entry.key());
    deadlines.clear(entry.key());
  }
}
