package io.kubekv.e2e.faults.check;

import io.kubekv.e2e.faults.history.Disturbance;
import io.kubekv.e2e.faults.history.History;
import io.kubekv.e2e.faults.history.Line;
import io.kubekv.e2e.faults.history.MortalCall;
import io.kubekv.e2e.faults.history.MortalCall.Step;
import io.kubekv.e2e.faults.history.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A key with a time to live is not gone before that has passed since the invocation of the last
 * acknowledged put or refresh. It is gone when that, and the allowance, have passed since the last
 * that may have taken effect, the last take-over, and the end of what disturbed the stores.
 */
public final class Expiries {
  private static final String PROMISE = "an expiry is neither early nor late";

  private final Map<String, List<MortalCall>> byKey = new TreeMap<>();
  private final List<Disturbance> disturbances;
  private final long allowance;
  private final long recovery;
  private final List<Violation> found = new ArrayList<>();

  /**
   * @param allowance how late an expiry may be where nothing is disturbed
   * @param recovery for how long after its end a disturbance still counts
   */
  public Expiries(History history, Duration allowance, Duration recovery) {
    this.allowance = allowance.toNanos();
    this.recovery = recovery.toNanos();
    disturbances = history.all(Disturbance.class);
    for (MortalCall call : history.all(MortalCall.class)) {
      byKey.computeIfAbsent(call.key(), key -> new ArrayList<>()).add(call);
    }
  }

  public List<Violation> violations() {
    byKey.values().forEach(this::check);
    return found;
  }

  private void check(List<MortalCall> unordered) {
    List<MortalCall> ofKey = new ArrayList<>(unordered);
    ofKey.sort(Comparator.comparingLong(call -> call.call().id()));
    MortalCall acknowledged = null;
    MortalCall possible = null;
    for (MortalCall call : ofKey) {
      if (call.result() == Result.FAILED) {
        continue;
      }
      boolean gone =
          call.step() == Step.LOOK
              ? call.result() == Result.DONE && !call.exists()
              : call.step() == Step.REFRESH && call.result() == Result.REFUSED;
      boolean there =
          call.result() == Result.DONE
              && (call.step() == Step.LOOK ? call.exists() : call.step() == Step.REFRESH);
      if (gone) {
        checkEarly(acknowledged, call);
        acknowledged = null;
        possible = null;
      } else if (there && possible != null) {
        checkLate(possible, call);
      }
      if (call.step() != Step.LOOK && call.result() != Result.REFUSED) {
        possible = call;
        acknowledged = call.result() == Result.DONE ? call : acknowledged;
      }
    }
  }

  private void checkEarly(@Nullable MortalCall acknowledged, MortalCall gone) {
    if (acknowledged == null) {
      return;
    }
    long due = acknowledged.call().invoked() + timeToLive(acknowledged);
    if (gone.call().returned() < due) {
      add(gone, "is gone %d ms early", due - gone.call().returned(), acknowledged);
    }
  }

  private void checkLate(MortalCall last, MortalCall there) {
    long since = last.call().returned();
    for (Disturbance disturbance : disturbances) {
      if (disturbance.from() <= there.call().invoked()) {
        since = Math.max(since, Math.min(disturbance.to() + recovery, there.call().invoked()));
      }
    }
    long latest = since + timeToLive(last) + allowance;
    if (there.call().invoked() > latest) {
      add(there, "is still there %d ms late", there.call().invoked() - latest, last);
    }
  }

  private static long timeToLive(MortalCall call) {
    return TimeUnit.MILLISECONDS.toNanos(call.timeToLiveMillis());
  }

  private void add(MortalCall look, String words, long nanos, MortalCall last) {
    String said = words.formatted(TimeUnit.NANOSECONDS.toMillis(nanos));
    List<Line> evidence = List.of(last, look);
    found.add(new Violation(PROMISE, look.key(), said, evidence));
  }
}
