package io.kubekv.etcd;

import io.etcd.jetcd.api.RequestOp;
import io.kubekv.Cause;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Revision;
import io.kubekv.SessionBehavior;
import io.kubekv.SessionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Releases or deletes a key that names a session which has ended; whether it did. */
final class HolderEnd implements Change<Boolean> {
  private static final Duration BEHIND_THE_DELAY = Duration.ofSeconds(5);

  private final Key key;
  private final SessionId ended;
  private final EtcdKeys keys;
  private final Operations operations;

  HolderEnd(Key key, SessionId ended, EtcdKeys keys) {
    this.key = key;
    this.ended = ended;
    this.keys = keys;
    this.operations = new Operations(keys);
  }

  @Override
  public Decision<Boolean> decide(Facts facts) {
    Optional<EntryRecord> held =
        facts.record(key).filter(record -> record.entry().lock().isHeldBy(ended));
    if (held.isEmpty() || facts.isAlive(ended)) {
      return new Decision.Answer<>(false);
    }
    EntryRecord record = held.get();
    Duration delay = record.terms().map(HolderTerms::lockDelay).orElse(Duration.ZERO);
    // a released entry keeps its time to live: its own mark stays as it is
    return Decision.Write.of(
        Optional.of(delay).filter(Duration::isPositive).map(BEHIND_THE_DELAY::plus),
        (id, lease) -> operations(record, delay, id, lease),
        seen -> true);
  }

  private List<RequestOp> operations(EntryRecord record, Duration delay, WriteId id, long lease) {
    boolean deletes =
        record.terms().filter(terms -> terms.behavior() == SessionBehavior.DELETE).isPresent();
    List<RequestOp> all =
        new ArrayList<>(
            deletes
                ? operations.delete(record.entry(), Cause.SESSION_END, id)
                : operations.put(released(record.entry()), id, 0, false));
    if (delay.isPositive()) {
      all.add(Operations.put(keys.delay(key), DelayRecord.encode(delay), lease));
    }
    return all;
  }

  private static EntryRecord released(Entry entry) {
    Entry free =
        new Entry(
            entry.key(),
            entry.kind(),
            entry.value(),
            entry.flags(),
            entry.createRevision(),
            Revision.ZERO,
            entry.version() + 1,
            entry.expiry(),
            entry.lock().released());
    return new EntryRecord(free, Cause.SESSION_END, Optional.empty(), Optional.empty());
  }
}
