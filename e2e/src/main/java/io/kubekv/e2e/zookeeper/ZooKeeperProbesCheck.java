package io.kubekv.e2e.zookeeper;

import io.kubekv.e2e.Arguments;
import io.kubekv.e2e.Check;
import io.kubekv.e2e.FreePorts;
import io.kubekv.e2e.ProgramRuns;
import io.kubekv.e2e.StoreProcess;
import io.kubekv.zookeeper.probes.ProbePair;
import io.kubekv.zookeeper.probes.Probed;
import io.kubekv.zookeeper.probes.Step;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * {@code e2e/run zookeeper-probes}: random programs of several sessions on Debian's ZooKeeper and
 * on kubekv's ZooKeeper door at the same time, every answer and every watch's event compared. One
 * that differs is shortened and printed with its seed.
 */
final class ZooKeeperProbesCheck {
  private static final Duration QUICK = Duration.ofSeconds(60);
  private static final int MAX_PROGRAMS = 99_999_999;
  private static final int HOUR = 60;

  /** In an hour. */
  private static final long LEAST = 200_000;

  private ZooKeeperProbesCheck() {}

  public static void main(String[] arguments) {
    Check.run("zookeeper-probes", arguments, ZooKeeperProbesCheck::run);
  }

  private static Check.Verdict run(Arguments arguments) throws IOException {
    boolean quick = arguments.flag("--quick");
    int minutes = arguments.count("--minutes", HOUR);
    long seed = arguments.count("--seed", 1);
    int programs = arguments.count("--programs", MAX_PROGRAMS);
    String candidate = arguments.option("--candidate").orElse("kubekv");
    arguments.end();
    Duration time = quick ? QUICK : Duration.ofMinutes(minutes);
    long least = quick || minutes < HOUR || programs < MAX_PROGRAMS ? 1 : LEAST;
    switch (candidate) {
      case "zookeeper" -> {
        try (StoreProcess process = StoreProcess.zookeeper()) {
          return beside(process.address(), seed, programs, time, least);
        }
      }
      case "kubekv" -> {
        InetSocketAddress door = FreePorts.next();
        try (StoreProcess process =
            StoreProcess.embedded("--zookeeper-listen", StoreProcess.hostAndPort(door))) {
          return beside(door, seed, programs, time, least);
        }
      }
      default ->
          throw new IllegalArgumentException(
              "no candidate is called '" + candidate + "': zookeeper or kubekv");
    }
  }

  private static Check.Verdict beside(
      InetSocketAddress candidate, long seed, int programs, Duration time, long least)
      throws IOException {
    try (StoreProcess real = StoreProcess.zookeeper()) {
      ProbePair pair = new ProbePair(new Probed(real.address()), new Probed(candidate));
      return compared(pair, seed, programs, time, least);
    }
  }

  private static Check.Verdict compared(
      ProbePair pair, long first, int programs, Duration time, long least) throws IOException {
    ProgramRuns.Outcome outcome =
        new ProgramRuns<Step>("ZooKeeper", Step::toString, "session")
            .run(pair::differs, first, programs, time);
    long requests = pair.candidate().requests();
    return new Check.Verdict(
        outcome.told(requests),
        least > 1 ? "at least %,d requests, none".formatted(least) : "none",
        outcome.differ() == 0 && requests >= least);
  }
}
