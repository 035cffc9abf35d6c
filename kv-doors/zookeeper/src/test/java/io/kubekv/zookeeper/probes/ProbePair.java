package io.kubekv.zookeeper.probes;

import io.kubekv.zookeeper.wire.Code;
import io.kubekv.zookeeper.wire.Op;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** The real ZooKeeper and the candidate, which are given the same programs at the same time. */
public record ProbePair(Probed zookeeper, Probed candidate) {
  private static final int LENGTH = 40;
  private static final int SESSIONS = 3;

  /**
   * A program whose answers differ, and where first.
   *
   * @param at the number of the step, or beyond them that of a session at the end
   */
  public record Difference(long seed, List<Step> program, int at, String expected, String found) {}

  /** Runs the program of a seed; the shortest part of it that still differs. */
  public Optional<Difference> differs(long seed) throws IOException {
    List<Step> program = new Programs(seed, SESSIONS).program(LENGTH);
    Optional<Difference> whole = differs(seed, program);
    return whole.isEmpty() ? whole : Optional.of(shortened(whole.get()));
  }

  private Optional<Difference> differs(long seed, List<Step> program) throws IOException {
    FutureTask<List<String>> beside = new FutureTask<>(() -> candidate.run(program, SESSIONS));
    Thread.ofVirtual().name("candidate").start(beside);
    List<String> expected = asked(() -> zookeeper.run(program, SESSIONS), "ZooKeeper", seed);
    List<String> found = asked(() -> get(beside), "the candidate", seed);
    for (int i = 0; i < expected.size(); i++) {
      String one = expected.get(i);
      String other = found.get(i);
      if (!one.equals(other) && !isExplained(program, i, one, other)) {
        return Optional.of(new Difference(seed, program, i, one, other));
      }
    }
    return Optional.empty();
  }

  private static boolean isExplained(List<Step> program, int at, String expected, String found) {
    return at < program.size()
        && program.get(at) instanceof Step.Ask ask
        && ask.part().number() == Op.EXISTS.number()
        && isExplained(expected, found);
  }

  /**
   * {@code exists} needs the right to read since 3.8.4, and earlier servers tell everybody: there
   * the read after it is refused all the same. All else that is told must be the same.
   */
  static boolean isExplained(String expected, String found) {
    String shut = "err " + Code.NO_AUTH.number() + " ";
    String end = Probed.READ_AFTER + shut;
    if (!expected.endsWith(end) || !found.endsWith(shut + end)) {
      return false;
    }
    String events = found.substring(0, found.length() - (shut + end).length());
    return expected.startsWith(events + "err 0 ");
  }

  private static List<String> get(FutureTask<List<String>> task) throws Exception {
    try {
      return task.get();
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof Exception cause ? cause : failed;
    }
  }

  /** A server that does not answer ends the run: nothing can be compared any more. */
  private static List<String> asked(Callable<List<String>> run, String who, long seed)
      throws IOException {
    try {
      return run.call();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", stopped);
    } catch (Exception failed) {
      throw new IOException(
          "%s could not be asked in the program of seed %d: %s".formatted(who, seed, failed),
          failed);
    }
  }

  /** Leaves out steps, many at a time and then each, as long as the rest still differs. */
  private Difference shortened(Difference whole) throws IOException {
    Difference best = whole;
    for (int size = LENGTH / 2; size > 0; size /= 2) {
      for (int from = best.program().size() - size; from >= 0; from -= size) {
        List<Step> fewer = new ArrayList<>(best.program());
        fewer.subList(from, Math.min(from + size, fewer.size())).clear();
        Optional<Difference> still = differs(best.seed(), fewer);
        if (still.isPresent()) {
          best = still.get();
          from = Math.min(from, best.program().size());
        }
      }
    }
    return best;
  }
}
