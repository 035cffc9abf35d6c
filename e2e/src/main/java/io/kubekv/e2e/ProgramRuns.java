package io.kubekv.e2e;

import io.kubekv.transport.probes.ProgramPair.Difference;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Random programs on a real server and on a candidate, of one seed after the other, until the time
 * is over. Those that differ are printed.
 *
 * @param name of the real server, as it is printed
 * @param step how a step is printed
 * @param open what is compared after the last step, as it is printed
 * @param <S> a step of a program
 */
public record ProgramRuns<S>(String name, Function<S, String> step, String open) {
  private static final int MAX_SHOWN = 5;

  /** Runs the program of a seed on both. */
  @FunctionalInterface
  public interface Pair<S> {
    Optional<Difference<S>> differs(long seed) throws IOException;
  }

  /**
   * What came of it.
   *
   * @param programs how many there were
   * @param differ how many of them differ
   */
  public record Outcome(long first, long programs, int differ) {
    /** For the last line of a check. */
    public String told(long requests) {
      return "%,d requests in %,d programs from seed %d, %d programs differ"
          .formatted(requests, programs, first, differ);
    }
  }

  /** Blocks until the time is over, so many programs were run, or too many differ. */
  public Outcome run(Pair<S> pair, long first, int programs, Duration time) throws IOException {
    long end = System.nanoTime() + time.toNanos();
    long seed = first;
    int differ = 0;
    while (seed - first < programs && System.nanoTime() < end && differ < MAX_SHOWN) {
      Optional<Difference<S>> difference = pair.differs(seed);
      if (difference.isPresent()) {
        differ++;
        print(difference.get());
      }
      seed++;
    }
    return new Outcome(first, seed - first, differ);
  }

  private void print(Difference<S> difference) {
    List<S> program = difference.program();
    Check.say("seed %d differs; %d steps are enough:", difference.seed(), program.size());
    for (int i = 0; i < program.size(); i++) {
      Check.say("  %d %s", i, step.apply(program.get(i)));
    }
    int beyond = difference.at() - program.size();
    String at = beyond < 0 ? "step " + difference.at() : "%s %d at the end".formatted(open, beyond);
    Check.say("  %s, %s:%n%s", at, name, difference.expected().indent(6).stripTrailing());
    Check.say("  %s, the candidate:%n%s", at, difference.found().indent(6).stripTrailing());
  }
}
