package io.kubekv.engine;

import io.kubekv.engine.history.History;
import io.kubekv.engine.log.Announcements;
import io.kubekv.engine.log.LogEntry;
import io.kubekv.engine.log.Parts;
import io.kubekv.engine.log.Root;
import io.kubekv.engine.state.Commit;
import io.kubekv.engine.state.Effect;
import io.kubekv.engine.state.Features;
import io.kubekv.engine.state.State;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/**
 * What is in the log, as this replica has seen it: the applied state, what of it is shown, with its
 * history, and who waits for it. One thread at a time applies; any thread reads.
 */
final class Replica {
  private final History history;
  private final SafetyRules rules;
  private final RevisionGate reached = new RevisionGate();
  private final RevisionGate sessionsReached = new RevisionGate();
  private final RevisionGate compacted = new RevisionGate();
  private final Parts parts = new Parts();
  private final Queue<Applied> hidden = new ArrayDeque<>();
  private volatile Root root = Root.EMPTY;
  private Root whole = Root.EMPTY;
  private volatile State shown = State.EMPTY;
  private volatile long shownPosition;
  private Announcements.Word heard = new Announcements.Word(0, 0, 0);
  private long announced;

  /** Up to there, whoever wrote a digest had applied what was passed over here. */
  private long comparesAfter;

  /** An entry that is applied and not shown yet. */
  private record Applied(long position, List<Effect> effects, State after) {}

  Replica(long historyBytes, SafetyRules rules) {
    this.history = new History(historyBytes);
    this.rules = rules;
  }

  Root root() {
    return root;
  }

  /**
   * The last root between whose entries no change is begun and not whole: the newest of which a
   * snapshot may be taken. Whoever opens from a later one would not have the parts before it.
   */
  Root whole() {
    return whole;
  }

  /** Whether a change is begun whose last part has not come. */
  boolean isBetweenParts() {
    return parts.areOpen();
  }

  /** The parts that have come lead nowhere: nobody can send the next of them any more. */
  void voidParts() {
    parts.clear();
    whole = root;
  }

  /** The state with all that is applied. */
  State state() {
    return root.state();
  }

  /** The state that this replica shows whoever asks for no certain one. */
  State shown() {
    return shown;
  }

  History history() {
    return history;
  }

  /** The position of the last entry that is shown. */
  long shownPosition() {
    return shownPosition;
  }

  /** Those who wait for a revision. */
  RevisionGate reached() {
    return reached;
  }

  /** Those who wait for a session to begin or end. */
  RevisionGate sessionsReached() {
    return sessionsReached;
  }

  /** Those who wait until it is forgotten here what was before a revision. */
  RevisionGate compacted() {
    return compacted;
  }

  /** Why an entry cannot be applied, in words for an operator; empty when it can. */
  private Optional<String> objection(LogEntry entry) {
    if (!rules.follows(entry, root)) {
      return Optional.of(
          "the log is damaged: its entry %d does not follow entry %d; see what was written to it by others"
              .formatted(entry.position(), root.position()));
    }
    if (entry.minReader() > LogEntry.READER) {
      return Optional.of(
          "entry %d of the log needs a newer version of kubekv: upgrade this replica"
              .formatted(entry.position()));
    }
    boolean compares = entry.digest().isPresent() && entry.position() > comparesAfter;
    return compares && entry.digest().getAsLong() != state().digest()
        ? Optional.of(
            "this replica's state at entry %d of the log differs from that of the replica that wrote it"
                .formatted(root.position()))
        : Optional.empty();
  }

  /**
   * Applies the next entry. The state is there before anybody hears of it.
   *
   * @param own what this replica decided, if it wrote it: then it is shown at once
   * @return why it cannot be applied, in words for an operator; empty when it is
   */
  Optional<String> apply(LogEntry entry, Optional<Tail.Batch> own) {
    Optional<String> objection = objection(entry);
    if (objection.isEmpty()) {
      try {
        List<Commit> commits = parts.take(entry);
        objection = unknownFeature(entry, commits);
        if (objection.isEmpty()) {
          apply(entry, commits, own);
        }
      } catch (IOException damaged) {
        return Optional.of(
            "the log is damaged: its entry %d cannot be read: %s"
                .formatted(entry.position(), damaged.getMessage()));
      }
    }
    return objection;
  }

  private static Optional<String> unknownFeature(LogEntry entry, List<Commit> commits) {
    String where = "entry " + entry.position() + " of the log";
    for (Commit commit : commits) {
      Optional<String> objection = Features.objection(where, commit);
      if (objection.isPresent()) {
        return objection;
      }
    }
    return Optional.empty();
  }

  private void apply(LogEntry entry, List<Commit> commits, Optional<Tail.Batch> own) {
    State state = state();
    Optional<List<Effect>> decided = own.flatMap(batch -> batch.effects(state, commits));
    List<Effect> effects = decided.orElseGet(() -> effects(state, commits));
    State after = effects.isEmpty() ? state : effects.getLast().after();
    root = new Root(after, entry.position(), entry.epoch(), entry.nonce());
    comparesAfter = Math.max(comparesAfter, entry.standsInUntil().orElse(0));
    whole = parts.areOpen() ? whole : root;
    hidden.add(new Applied(entry.position(), effects, after));
    announced = own.isPresent() ? entry.position() : announced;
    show();
  }

  private static List<Effect> effects(State before, List<Commit> commits) {
    List<Effect> effects = new ArrayList<>(commits.size());
    State state = before;
    for (Commit commit : commits) {
      Effect effect = state.effect(commit);
      effects.add(effect);
      state = effect.after();
    }
    return effects;
  }

  /** What a holder has said; of an entry that has not come yet, it is kept until that comes. */
  void announced(Announcements.Word word) {
    if (word.position() >= root.position()) {
      heard = word;
      show();
    }
  }

  private void show() {
    if (rules.isOfThisLog(heard, root)) {
      announced = root.position();
    }
    for (Applied next = hidden.peek(); next != null; next = hidden.peek()) {
      if (!rules.isShown(next.position(), announced, root.position())) {
        return;
      }
      hidden.remove();
      shown = next.after();
      shownPosition = next.position();
      next.effects().forEach(history::add);
      tell(shown);
    }
  }

  /** Goes on at a snapshot, which a holder has applied; what led to it is not known here. */
  void restart(Root snapshot) {
    root = snapshot;
    voidParts();
    hidden.clear();
    shown = snapshot.state();
    shownPosition = snapshot.position();
    history.restart(shown);
    tell(shown);
  }

  private void tell(State state) {
    reached.advance(state.revision());
    sessionsReached.advance(state.locks().changed());
    compacted.advance(state.compacted());
  }

  void close(String reason) {
    history.close(reason);
    reached.close();
    sessionsReached.close();
    compacted.close();
  }
}
