package io.kubekv.e2e;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;

/**
 * The frame of every check: runs it, prints its last line, and turns its verdict into the exit code
 * (0 ok, 1 falls short, 2 wrong arguments, 3 could not be run).
 */
public final class Check {
  /** What a check does with its arguments; it prints its figures itself. */
  @FunctionalInterface
  public interface Body {
    Verdict run(Arguments arguments) throws IOException;
  }

  /**
   * The last line of a check.
   *
   * @param figure what was measured
   * @param bar what was asked for
   */
  public record Verdict(String figure, String bar, boolean holds) {}

  private Check() {}

  /** Does not return. */
  public static void run(String name, String[] arguments, Body body) {
    System.exit(exitCode(name, new Arguments(arguments), body));
  }

  private static int exitCode(String name, Arguments arguments, Body body) {
    try {
      Verdict verdict = body.run(arguments);
      System.out.printf(
          "%s: %s (bar %s) %s%n",
          name, verdict.figure(), verdict.bar(), verdict.holds() ? "ok" : "falls short");
      return verdict.holds() ? 0 : 1;
    } catch (IllegalArgumentException e) {
      System.err.println(name + ": " + e.getMessage());
      return 2;
    } catch (IOException e) {
      System.err.println(name + " could not be run: " + e.getMessage());
      return 3;
    }
  }

  /**
   * A line of progress or figures, formatted as by {@link String#format}, without regard to the
   * machine's language.
   */
  public static void say(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }

  public static double median(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
