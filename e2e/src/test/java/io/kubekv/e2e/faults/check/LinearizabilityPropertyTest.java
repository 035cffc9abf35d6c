package io.kubekv.e2e.faults.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.e2e.faults.history.Action;
import io.kubekv.e2e.faults.history.Call;
import io.kubekv.e2e.faults.history.Operation;
import io.kubekv.e2e.faults.history.Result;
import io.kubekv.e2e.faults.history.Sight;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.statistics.Statistics;

/** The search against a brute force that tries every order, on random small histories. */
class LinearizabilityPropertyTest {
  @Property(tries = 3000)
  void search_agreesWithEveryOrderTried(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 6) int count) {
    List<Operation> operations = random(new Random(seed), count);
    boolean expected = anyOrder(operations, new ArrayList<>(), Register.NEVER);
    Statistics.collect(expected);
    assertThat(new Linearizability(operations, Register.NEVER, Log.NONE, 1_000_000).verdict())
        .isEqualTo(
            expected
                ? Linearizability.Verdict.LINEARIZABLE
                : Linearizability.Verdict.NOT_LINEARIZABLE);
  }

  @Property(tries = 500)
  void minimised_isNotLinearizableEither_andNoLonger(@ForAll long seed) {
    List<Operation> operations = random(new Random(seed), 7);
    if (anyOrder(operations, new ArrayList<>(), Register.NEVER)) {
      return;
    }
    List<Operation> fewest = Keys.minimised(operations, Log.NONE);
    boolean fromNothing = anyOrder(fewest, new ArrayList<>(), Register.NEVER);
    boolean fromAnything = anyOrder(fewest, new ArrayList<>(), Register.ANYTHING);
    assertThat(fromNothing && fromAnything).isFalse();
    assertThat(fewest).hasSizeLessThanOrEqualTo(operations.size());
  }

  /** A register runs, and its clients are told what they would see, now and then something else. */
  private static List<Operation> random(Random random, int count) {
    List<Operation> operations = new ArrayList<>();
    Sight now = Sight.ABSENT;
    long revision = 0;
    for (int i = 0; i < count; i++) {
      long invoked = 10L * i - random.nextInt(30);
      long returned = 10L * i + random.nextInt(30);
      Call call = new Call(i, "c" + i, "test", "r", invoked, returned);
      Action action = Action.values()[random.nextInt(Action.values().length)];
      long expected =
          action == Action.SWAP || action == Action.DELETE_IF
              ? Math.max(1, revision - random.nextInt(2))
              : 0;
      boolean fits = fits(action, now, expected);
      boolean lost = random.nextInt(5) == 0;
      boolean told = random.nextBoolean() || action == Action.GET;
      Sight shown = random.nextInt(8) == 0 ? Sight.of("v" + random.nextInt(count), 1) : now;
      Result result = lost ? Result.UNKNOWN : fits ? Result.DONE : Result.REFUSED;
      String value = action.stores() ? "v" + i : "";
      boolean changes = fits && action != Action.GET && (!lost || random.nextBoolean());
      long at = 0;
      if (changes && (action.stores() || now.exists())) {
        at = ++revision;
        now = action.stores() ? Sight.of(value, at) : Sight.ABSENT;
      }
      boolean tellsRevision = !lost && random.nextInt(4) > 0;
      if (action == Action.GET && lost) {
        continue;
      }
      operations.add(
          new Operation(
              call,
              action,
              "k",
              value,
              expected,
              result,
              told && !lost ? shown : Sight.NONE,
              tellsRevision ? at : 0));
    }
    return operations;
  }

  private static boolean fits(Action action, Sight now, long expected) {
    return switch (action) {
      case GET, PUT, REMOVE -> true;
      case CREATE -> !now.exists();
      case DELETE -> now.exists();
      case SWAP, DELETE_IF -> now.exists() && now.revision() == expected;
    };
  }

  @SuppressWarnings("ReferenceEquality") // of the same call
  private static boolean anyOrder(List<Operation> left, List<Operation> done, Register state) {
    if (left.stream().noneMatch(Operation::isDefinite)) {
      return true;
    }
    for (Operation next : left) {
      boolean mustWait =
          left.stream()
              .filter(Operation::isDefinite)
              .anyMatch(other -> other != next && other.call().precedes(next.call()));
      if (!mustWait && state.after(next, Log.NONE).isPresent()) {
        List<Operation> rest = new ArrayList<>(left);
        rest.remove(next);
        List<Operation> longer = new ArrayList<>(done);
        longer.add(next);
        if (anyOrder(rest, longer, state.after(next, Log.NONE).orElseThrow())) {
          return true;
        }
      }
    }
    return false;
  }
}
