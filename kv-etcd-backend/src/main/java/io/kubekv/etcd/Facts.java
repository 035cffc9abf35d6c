package io.kubekv.etcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.Compare;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Revision;
import io.kubekv.SessionId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A view that takes down what a decision has looked at: exactly that must still be so when the
 * decision is carried out, and etcd compares it. One decision uses it; not thread-safe.
 */
final class Facts {
  private final View view;
  private final EtcdKeys keys;
  private final Map<Span, Revision> seen = new LinkedHashMap<>();
  private final Map<ByteString, Optional<EntryRecord>> entries = new HashMap<>();
  private final Map<ByteString, Optional<SessionRecord>> sessions = new HashMap<>();
  private final Map<ByteString, Optional<DelayRecord>> delays = new HashMap<>();
  private boolean complete = true;

  Facts(View view, EtcdKeys keys) {
    this.view = view;
    this.keys = keys;
  }

  Revision revision() {
    return view.revision();
  }

  Optional<EntryRecord> record(Key key) {
    return looked(
        entries, keys.entry(key), () -> view.entry(key), held -> held.entry().modifyRevision());
  }

  Optional<Entry> entry(Key key) {
    return record(key).map(EntryRecord::entry);
  }

  /** Only "nothing" is compared: what finds something below a key changes nothing. */
  boolean hasBelow(Key key) {
    Span below = keys.entriesBelow(key.below());
    note(below, Revision.ZERO);
    return view.hasBelow(key);
  }

  Optional<SessionRecord> session(SessionId id) {
    return looked(
        sessions,
        keys.session(id),
        () -> view.session(id),
        held -> held.session().modifyRevision());
  }

  boolean isAlive(SessionId id) {
    return session(id).isPresent();
  }

  Optional<DelayRecord> delay(Key key) {
    return looked(delays, keys.delay(key), () -> view.delay(key), DelayRecord::since);
  }

  /** Whether the view knew everything that was asked; if not, the decision means nothing. */
  boolean complete() {
    return complete;
  }

  /** What was looked at. */
  Set<Span> spans() {
    return seen.keySet();
  }

  /** That what was looked at is still as it was. */
  List<Compare> comparisons() {
    return seen.entrySet().stream().map(fact -> unchanged(fact.getKey(), fact.getValue())).toList();
  }

  /** That a key was last changed at a revision; or, with zero, that there is none in the span. */
  static Compare unchanged(Span span, Revision revision) {
    Compare.Builder compare =
        Compare.newBuilder().setKey(span.from()).setResult(Compare.CompareResult.EQUAL);
    if (!span.end().equals(ByteString.EMPTY)) {
      compare.setRangeEnd(span.end());
    }
    return revision.equals(Revision.ZERO)
        ? compare.setTarget(Compare.CompareTarget.CREATE).setCreateRevision(0).build()
        : compare.setTarget(Compare.CompareTarget.MOD).setModRevision(revision.value()).build();
  }

  /** The view may be the index, which moves on: what was seen first is what counts. */
  private <T> Optional<T> looked(
      Map<ByteString, Optional<T>> before,
      ByteString key,
      Supplier<Optional<T>> look,
      Function<T, Revision> revision) {
    return before.computeIfAbsent(
        key,
        unseen -> {
          Optional<T> found = look.get();
          note(Span.of(key), found.map(revision).orElse(Revision.ZERO));
          return found;
        });
  }

  private void note(Span span, Revision revision) {
    seen.put(span, revision);
    complete &= view.covers(span);
  }
}
