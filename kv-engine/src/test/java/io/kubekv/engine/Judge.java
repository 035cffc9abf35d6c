package io.kubekv.engine;

import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.PutOutcome;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.Times;
import io.kubekv.engine.log.LogEntry;
import io.kubekv.engine.log.Parts;
import io.kubekv.engine.log.Root;
import io.kubekv.engine.state.Change;
import io.kubekv.engine.state.Commit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Looks at what came of a fight, and shares no code with those who fought: it reads the log's
 * entries, follows the chain, and keeps its own maps.
 */
final class Judge {
  private final Fight fight;
  private final List<String> faults = new ArrayList<>();
  private final TreeMap<Long, Map<Key, Entry>> states = new TreeMap<>();
  private final Map<String, Integer> times = new HashMap<>();
  private final Parts parts = new Parts();
  private long shown;
  private long lastPosition;

  Judge(Fight fight) {
    this.fight = fight;
  }

  /** What is wrong, in words; empty when nothing is. */
  List<String> faults() {
    readTheLog();
    replicasAgree();
    fight.log().snapshots().forEach(this::opens);
    fight.calls().forEach(this::look);
    realTimeIsHeeded();
    return faults;
  }

  private void readTheLog() {
    Map<Key, Entry> state = new HashMap<>();
    states.put(0L, Map.of());
    long nonce = 0;
    long epoch = 0;
    long revision = 0;
    for (LogEntry entry : fight.log().allEntries()) {
      boolean chains =
          entry.position() == lastPosition + 1
              && entry.previousNonce() == nonce
              && entry.epoch() >= epoch;
      if (!chains) {
        return;
      }
      lastPosition = entry.position();
      nonce = entry.nonce();
      epoch = entry.epoch();
      for (Commit commit : whole(entry)) {
        long next = commit.revision().value();
        if (next != (isUnseen(commit) ? revision : revision + 1)) {
          faults.add("contiguity: revision " + next + " comes after " + revision);
        }
        revision = next;
        commit.changes().forEach(change -> apply(change, state));
        states.put(revision, Map.copyOf(state));
      }
    }
  }

  private static boolean isUnseen(Commit commit) {
    Change first = commit.changes().getFirst();
    return first instanceof Change.TimePassed || first instanceof Change.Compacted;
  }

  /** What happens with an entry: parts happen together, if nothing comes between them. */
  private List<Commit> whole(LogEntry entry) {
    try {
      return parts.take(entry);
    } catch (IOException damaged) {
      faults.add("format: " + damaged.getMessage());
      return List.of();
    }
  }

  private void apply(Change change, Map<Key, Entry> state) {
    if (change instanceof Change.MetadataSet set) {
      state.computeIfPresent(set.key(), (key, entry) -> entry.withMetadata(set.metadata()));
    }
    if (change instanceof Change.Put put) {
      timesGoOn(put.entry());
      Key key = put.entry().key();
      if (state.put(key, put.entry()) != null && Fight.NUMBERED.matches(key)) {
        faults.add("numbered: " + key + " was there");
      }
      times.merge(put.entry().value().toText(), 1, Integer::sum);
    }
  }

  /** Whichever replica's clock is behind: they differ by less than times may stand still. */
  private void timesGoOn(Entry entry) {
    Times now = entry.times();
    if (now.modified() < shown || now.created() > now.modified() || now.created() <= 0) {
      faults.add("times: " + now + " was shown after " + shown);
    }
    shown = now.modified();
  }

  private void replicasAgree() {
    for (EngineStore store : fight.stores()) {
      Root root = store.root();
      Map<Key, Entry> mine = Map.copyOf(root.state().contents().entries());
      Map<Key, Entry> theirs = states.get(root.state().revision().value());
      if (root.position() > lastPosition || !mine.equals(theirs)) {
        faults.add("agreement: a replica at position " + root.position() + " has another state");
      }
    }
  }

  /** Whoever opens from a snapshot can read what comes after it. */
  private void opens(Root snapshot) {
    Parts after = new Parts();
    for (LogEntry entry : fight.log().allEntries()) {
      if (entry.position() > snapshot.position() && entry.position() <= lastPosition) {
        try {
          List<Commit> unused = after.take(entry);
        } catch (IOException damaged) {
          faults.add("snapshot: after " + snapshot.position() + ": " + damaged.getMessage());
          return;
        }
      }
    }
  }

  private void look(Fight.Call call) {
    call.value.ifPresent(value -> wasWrittenAsSaid(call, times.getOrDefault(value, 0)));
    call.put.ifPresent(
        outcome -> {
          switch (outcome) {
            case PutOutcome.Stored stored ->
                holds(call, stored.revision(), Optional.of(stored.entry()), "acknowledged");
            case Refused refused -> holds(call, refused.revision(), refused.entry(), "refusal");
          }
        });
    call.seen.ifPresent(lookup -> holds(call, lookup.revision(), lookup.entry(), "read"));
  }

  private void wasWrittenAsSaid(Fight.Call call, int written) {
    if (written > 1) {
      faults.add("once: " + call.value + " was written " + written + " times");
    }
    if (written > 0 && call.surelyNotApplied) {
      faults.add("ghost: " + call.value + " was written and said not to be");
    }
  }

  private void holds(Fight.Call call, Revision at, Optional<Entry> said, String what) {
    Map<Key, Entry> state = states.get(at.value());
    if (state == null || !Optional.ofNullable(state.get(call.key)).equals(said)) {
      faults.add(what + ": at revision " + at + " the log has not " + said);
    }
  }

  /**
   * What ended before another call began comes before it, too, in the order of revisions. A stale
   * read may be late, but nobody comes after it who knows less.
   */
  private void realTimeIsHeeded() {
    for (Fight.Call later : fight.calls()) {
      for (Fight.Call earlier : fight.calls()) {
        if (!later.stale
            && earlier.ended < later.begun
            && earlier.revision.isPresent()
            && later.revision.isPresent()
            && later.revision.get().isBefore(earlier.revision.get())) {
          faults.add(
              (earlier.stale ? "shown" : "linearizable")
                  + ": revision %s was answered before a call that saw %s began"
                      .formatted(earlier.revision.get(), later.revision.get()));
        }
      }
    }
  }
}
