package io.kubekv.etcdv3.probes;

import com.google.protobuf.Message;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** The real etcd and the candidate, which are given the same programs at the same time. */
public record ProbePair(Probed etcd, Probed candidate) {
  private static final int LENGTH = 40;
  private static final int LEASES = 3;

  /**
   * A program whose answers differ, and where first.
   *
   * @param at the number of the step, or beyond them that of a watch
   */
  public record Difference(
      long seed, List<Message> program, int at, String expected, String found) {}

  /** Runs the program of a seed; the shortest part of it that still differs. */
  public Optional<Difference> differs(long seed) throws IOException {
    List<Message> program = new Programs(seed, prefix(seed), lease(seed)).program(LENGTH);
    Optional<Difference> whole = differs(seed, program);
    return whole.isEmpty() ? whole : Optional.of(shortened(whole.get()));
  }

  private static String prefix(long seed) {
    return "probe-" + seed + "/";
  }

  private static long lease(long seed) {
    return 1000 + seed * LEASES;
  }

  private Optional<Difference> differs(long seed, List<Message> program) throws IOException {
    FutureTask<List<String>> beside = new FutureTask<>(() -> run(candidate, seed, program));
    Thread.ofVirtual().name("candidate").start(beside);
    List<String> expected = asked(() -> run(etcd, seed, program), "etcd", seed);
    List<String> found = asked(() -> get(beside), "the candidate", seed);
    for (int i = 0; i < Math.max(expected.size(), found.size()); i++) {
      String one = i < expected.size() ? expected.get(i) : "nothing";
      String other = i < found.size() ? found.get(i) : "nothing";
      if (!one.equals(other)) {
        return Optional.of(new Difference(seed, program, i, one, other));
      }
    }
    return Optional.empty();
  }

  private static List<String> run(Probed server, long seed, List<Message> program)
      throws IOException {
    return server.run(program, prefix(seed), lease(seed), LEASES);
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
        List<Message> fewer = new ArrayList<>(best.program());
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
