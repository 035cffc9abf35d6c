package io.kubekv.etcd;

import io.etcd.jetcd.api.KeyValue;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.SessionId;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.TransactionRules;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Transactions that only read: all that they ask for, as it stood at one revision. */
final class SnapshotReads {
  private final Reads reads;
  private final EtcdKeys keys;
  private final Index index;

  SnapshotReads(Reads reads, EtcdKeys keys, Index index) {
    this.reads = reads;
    this.keys = keys;
    this.index = index;
  }

  /** From the index, on its state. */
  TransactionOutcome known(TransactionRequest request) {
    return new TransactionRules(
            key -> index.entry(key).map(EntryRecord::entry),
            index::list,
            id -> index.session(id).isPresent())
        .read(request.readings(), index.revision());
  }

  /** From etcd. */
  TransactionOutcome asked(TransactionRequest request, Deadline deadline) {
    List<Span> spans =
        request.readings().stream()
            .map(SnapshotReads::range)
            .flatMap(range -> keys.entries(range).stream())
            .distinct()
            .toList();
    Reads.Content content =
        spans.isEmpty()
            ? new Reads.Content(List.of(), reads.revision(deadline))
            : reads.content(spans, Revision.ZERO, deadline);
    TreeMap<Key, Entry> entries = new TreeMap<>();
    reads.entries(content).forEach(entry -> entries.put(entry.key(), entry));
    Set<SessionId> alive = alive(request, entries, content.revision(), deadline);
    return new TransactionRules(
            key -> Optional.ofNullable(entries.get(key)),
            list -> list(list, entries, content.revision()),
            alive::contains)
        .read(request.readings(), content.revision());
  }

  private static Range range(TransactionOperation.Reading operation) {
    return switch (operation) {
      case TransactionOperation.Get get -> new Range.Exact(get.key());
      case TransactionOperation.ListRange list -> list.request().range();
      case TransactionOperation.Check check -> new Range.Exact(check.key());
      case TransactionOperation.CheckHolder check -> new Range.Exact(check.key());
    };
  }

  private static Listing list(ListRequest list, NavigableMap<Key, Entry> entries, Revision at) {
    List<Entry> covered =
        entries.values().stream().filter(entry -> list.range().contains(entry.key())).toList();
    return Listings.cut(list, covered, at);
  }

  /** Those of the holders that are asked about which lived at the revision. */
  private Set<SessionId> alive(
      TransactionRequest request, Map<Key, Entry> entries, Revision at, Deadline deadline) {
    Set<SessionId> holders = new HashSet<>();
    for (TransactionOperation.Reading operation : request.readings()) {
      if (operation instanceof TransactionOperation.CheckHolder check) {
        Optional.ofNullable(entries.get(check.key()))
            .flatMap(entry -> entry.lock().holder())
            .ifPresent(holders::add);
      }
    }
    Set<SessionId> alive = new HashSet<>();
    if (!holders.isEmpty()) {
      List<Span> spans = holders.stream().map(id -> Span.of(keys.session(id))).toList();
      for (KeyValue stored : reads.content(spans, at, deadline).stored()) {
        if (keys.place(stored.getKey()) instanceof EtcdKeys.SessionOf place) {
          alive.add(place.id());
        }
      }
    }
    return alive;
  }
}
