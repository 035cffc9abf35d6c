package io.kubekv.transport.probes;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A real server and a candidate, which are given the same programs at the same time.
 *
 * @param name of the real one
 * @param explained which differences are none
 * @param <S> a step of a program
 */
public record ProgramPair<S>(
    String name, Side<S> real, Side<S> candidate, Explanation<S> explained) {
  private static final String NOTHING = "nothing";

  /** A server that programs are run on. */
  @FunctionalInterface
  public interface Side<S> {
    /**
     * Runs a program, of which steps may have been left out.
     *
     * @return what is told of each step, and then of all that was open
     */
    List<String> run(long seed, List<S> program) throws IOException;
  }

  /** Which differences are known, and are none. */
  @FunctionalInterface
  public interface Explanation<S> {
    /**
     * Whether two different answers are as they should be.
     *
     * @param at the number of the step, or beyond them that of what was open
     */
    boolean explains(List<S> program, int at, String expected, String found);
  }

  /**
   * A program whose answers differ, and where first.
   *
   * @param at the number of the step, or beyond them that of what was open
   */
  public record Difference<S>(long seed, List<S> program, int at, String expected, String found) {
    public Difference {
      program = List.copyOf(program);
    }
  }

  /** Runs the program of a seed; the shortest part of it that still differs. Blocks. */
  public Optional<Difference<S>> differs(long seed, List<S> program) throws IOException {
    Optional<Difference<S>> whole = once(seed, program);
    return whole.isEmpty() ? whole : Optional.of(shortened(whole.get()));
  }

  private Optional<Difference<S>> once(long seed, List<S> program) throws IOException {
    FutureTask<List<String>> beside = new FutureTask<>(() -> candidate.run(seed, program));
    Thread.ofVirtual().name("candidate").start(beside);
    List<String> expected = asked(() -> real.run(seed, program), name, seed);
    List<String> found = asked(() -> get(beside), "the candidate", seed);
    for (int i = 0; i < Math.max(expected.size(), found.size()); i++) {
      String one = i < expected.size() ? expected.get(i) : NOTHING;
      String other = i < found.size() ? found.get(i) : NOTHING;
      if (!one.equals(other) && !explained.explains(program, i, one, other)) {
        return Optional.of(new Difference<>(seed, program, i, one, other));
      }
    }
    return Optional.empty();
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
  private Difference<S> shortened(Difference<S> whole) throws IOException {
    Difference<S> best = whole;
    for (int size = whole.program().size() / 2; size > 0; size /= 2) {
      for (int from = best.program().size() - size; from >= 0; from -= size) {
        List<S> fewer = new ArrayList<>(best.program());
        fewer.subList(from, Math.min(from + size, fewer.size())).clear();
        Optional<Difference<S>> still = once(best.seed(), fewer);
        if (still.isPresent()) {
          best = still.get();
          from = Math.min(from, best.program().size());
        }
      }
    }
    return best;
  }
}
