package io.kubekv.etcd;

import io.etcd.jetcd.api.RequestOp;
import io.kubekv.Bytes;
import io.kubekv.Cause;
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
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.TreeRules;
import io.kubekv.WatchEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A put: refused, or first a missing parent, or the entry. */
final class PutChange implements Change<PutOutcome> {
  private static final Duration LONGEST = Duration.ofDays(36_500);

  private final PutRequest request;
  private final Limits limits;
  private final Index index;
  private final EtcdKeys keys;
  private final int more;
  private final Operations operations;

  PutChange(PutRequest request, Limits limits, Index index, EtcdKeys keys) {
    this(request, limits, index, keys, 0);
  }

  /**
   * @param more how many entries more, or fewer, there are when the same transaction comes to it
   */
  PutChange(PutRequest request, Limits limits, Index index, EtcdKeys keys, int more) {
    this.more = more;
    this.request = request;
    this.limits = limits;
    this.index = index;
    this.keys = keys;
    this.operations = new Operations(keys);
  }

  @Override
  public Decision<PutOutcome> decide(Facts facts) {
    Optional<EntryRecord> held = facts.record(request.key());
    Optional<Entry> current = held.map(EntryRecord::entry);
    TreeRules tree = new TreeRules(facts::entry, facts::hasBelow);
    LockFacts locks = new LockFacts(facts, index);
    boolean inTree = request.layout() == Layout.TREE;
    Optional<Refused> refused =
        (inTree
                ? tree.refusal(request, facts.revision())
                : request.precondition().refusal(current, facts.revision()))
            .or(() -> refreshOfNothing(current, facts.revision()))
            .or(() -> locks.rules().refusal(request, current, facts.revision()));
    if (refused.isPresent()) {
      return new Decision.Answer<>(refused.get());
    }
    List<Key> parents = inTree ? tree.missingParents(request.key()) : List.of();
    checkRoom(parents.size(), current.isPresent());
    return parents.isEmpty() ? write(held, locks) : first(parents.getFirst());
  }

  private Optional<Refused> refreshOfNothing(Optional<Entry> current, Revision at) {
    return request.mode() == PutMode.REFRESH
        ? Precondition.PRESENT.refusal(current, at)
        : Optional.empty();
  }

  private void checkRoom(int parents, boolean present) {
    if (!present || parents > 0) {
      long size = index.read(index.state()::size) + more;
      limits.checkRoomAfter(size + parents - (present ? 1 : 0));
    }
  }

  private Decision<PutOutcome> first(Key parent) {
    Entry directory =
        new Entry(
            parent,
            Kind.DIRECTORY,
            Bytes.EMPTY,
            0,
            Revision.ZERO,
            Revision.ZERO,
            1,
            Optional.empty(),
            LockState.NONE);
    EntryRecord record =
        new EntryRecord(directory, Cause.PARENT, Optional.empty(), Optional.empty());
    return new Decision.First<>((id, leases) -> operations.put(record, id, 0, false));
  }

  private Decision<PutOutcome> write(Optional<EntryRecord> held, LockFacts locks) {
    EntryRecord record =
        new EntryRecord(
            next(held.map(EntryRecord::entry)),
            request.cause(),
            Optional.empty(),
            locks.termsAfter(request, held));
    boolean wasMortal = held.filter(EntryRecord::isMortal).isPresent();
    boolean oldDelay = locks.hasOldDelay(request);
    return Decision.Write.of(
        request.timeToLive().filter(Duration::isPositive),
        (id, lease) -> operations(record, id, lease, wasMortal, oldDelay),
        seen -> outcome(seen));
  }

  private List<RequestOp> operations(
      EntryRecord record, WriteId id, long lease, boolean wasMortal, boolean oldDelay) {
    List<RequestOp> all = new ArrayList<>(operations.put(record, id, lease, wasMortal));
    if (oldDelay) {
      all.add(Operations.delete(Span.of(keys.delay(request.key()))));
    }
    return all;
  }

  /** The entry to write; {@link Revision#ZERO} stands for the write's own. */
  private Entry next(Optional<Entry> current) {
    Optional<Entry> kept = request.mode() == PutMode.REPLACE ? Optional.empty() : current;
    boolean refresh = request.mode() == PutMode.REFRESH;
    boolean keepsKind = refresh || request.layout() == Layout.TREE;
    return new Entry(
        request.key(),
        kept.filter(entry -> keepsKind).map(Entry::kind).orElse(request.kind()),
        kept.filter(entry -> refresh).map(Entry::value).orElse(request.value()),
        kept.filter(entry -> refresh).map(Entry::flags).orElse(request.flags()),
        kept.map(Entry::createRevision).orElse(Revision.ZERO),
        Revision.ZERO,
        kept.map(Entry::version).orElse(0L) + 1,
        request.timeToLive().map(PutChange::expiry),
        LockRules.after(
            request, current.map(Entry::lock).orElse(LockState.NONE), Optional.empty()));
  }

  private static Expiry expiry(Duration timeToLive) {
    Duration bounded = timeToLive.compareTo(LONGEST) < 0 ? timeToLive : LONGEST;
    return new Expiry(timeToLive, Instant.now().plus(bounded));
  }

  private PutOutcome outcome(PendingWrite.Seen seen) {
    for (WatchEvent event : seen.events()) {
      if (event instanceof WatchEvent.Put put && put.entry().key().equals(request.key())) {
        return new PutOutcome.Stored(put.entry(), put.previous());
      }
    }
    throw new IllegalStateException("the put of " + request.key() + " has no event");
  }
}
