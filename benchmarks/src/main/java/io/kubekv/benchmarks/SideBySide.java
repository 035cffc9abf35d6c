package io.kubekv.benchmarks;

import io.kubekv.e2e.Check;
import io.kubekv.e2e.StoreProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.HdrHistogram.Histogram;

/**
 * Two stores under the same load in turn: short slices, each first in every other round, so that
 * what disturbs the machine disturbs both.
 */
final class SideBySide {
  /** The load: the next request, chosen at random, for a store. */
  @FunctionalInterface
  interface Load {
    byte[] next(InetSocketAddress store, SplittableRandom random);
  }

  /** One of the two. */
  interface Contestant {
    String name();

    /** Puts the load on it for a time; blocks. */
    ClosedLoop.Result slice(int clients, Duration time) throws IOException;
  }

  private record HttpContestant(String name, StoreProcess store, Load load) implements Contestant {
    @Override
    public ClosedLoop.Result slice(int clients, Duration time) throws IOException {
      return ClosedLoop.run(
          store.address(), clients, time, random -> load.next(store.address(), random));
    }
  }

  private final List<Contestant> contestants;

  SideBySide(Contestant baseline, Contestant candidate) {
    this.contestants = List.of(baseline, candidate);
  }

  SideBySide(StoreProcess baseline, StoreProcess candidate, Load load) {
    this(over(baseline.name(), baseline, load), over(candidate.name(), candidate, load));
  }

  /** A store under a name of its own, for two of the same kind. */
  static Contestant over(String name, StoreProcess store, Load load) {
    return new HttpContestant(name, store, load);
  }

  /**
   * The figures of both over all rounds, and the candidate's by the baseline's.
   *
   * @param medianRatio the median over the rounds of the ratio of the p50
   * @param throughputRatio the median over the rounds of the ratio of the answers per second
   * @param addedMillis the median over the rounds of the difference of the p50
   */
  record Ratios(double medianRatio, double throughputRatio, double addedMillis) {}

  /**
   * Loads each for a time that is not counted: a server that has been up for a day is what matters,
   * and one written in Java compiles what it does most while it does it.
   */
  void warmUp(int clients, Duration time) throws IOException {
    for (Contestant contestant : contestants) {
      contestant.slice(clients, time);
    }
  }

  /** Loads each for two slices that are not counted, then both in turn; prints the figures. */
  Ratios run(String what, int clients, int rounds, Duration slice) throws IOException {
    Histogram[] all = {new Histogram(3), new Histogram(3)};
    double[] medians = new double[rounds];
    double[] rates = new double[rounds];
    double[] added = new double[rounds];
    double[][] throughput = new double[2][rounds];
    warmUp(clients, slice.multipliedBy(2));
    for (int round = 0; round < rounds; round++) {
      ClosedLoop.Result[] results = new ClosedLoop.Result[2];
      for (int turn = 0; turn < 2; turn++) {
        int which = (round + turn) % 2;
        results[which] = contestants.get(which).slice(clients, slice);
        all[which].add(results[which].times());
        throughput[which][round] = results[which].perSecond();
      }
      medians[round] = results[1].medianMillis() / results[0].medianMillis();
      added[round] = results[1].medianMillis() - results[0].medianMillis();
      rates[round] = results[1].perSecond() / results[0].perSecond();
    }
    for (int which = 0; which < 2; which++) {
      print(what, contestants.get(which).name(), all[which], Check.median(throughput[which]));
    }
    Check.say(
        "%s: p50 ratio by round %s; throughput ratio by round %s",
        what, texts(medians), texts(rates));
    return new Ratios(Check.median(medians), Check.median(rates), Check.median(added));
  }

  private static void print(String what, String name, Histogram times, double perSecond) {
    Check.say(
        "%s, %-6s p50 %7.3f ms  p95 %7.3f ms  p99 %7.3f ms  %8.0f/s  (%d requests)",
        what,
        name,
        times.getValueAtPercentile(50) / 1e6,
        times.getValueAtPercentile(95) / 1e6,
        times.getValueAtPercentile(99) / 1e6,
        perSecond,
        times.getTotalCount());
  }

  private static String texts(double... values) {
    List<String> texts = new ArrayList<>();
    for (double value : values) {
      texts.add(String.format(Locale.ROOT, "%.2f", value));
    }
    return String.join(" ", texts);
  }
}
