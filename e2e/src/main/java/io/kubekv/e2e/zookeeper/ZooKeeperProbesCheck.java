package io.kubekv.e2e.zookeeper;

import io.kubekv.e2e.Arguments;
import io.kubekv.e2e.Check;
import io.kubekv.e2e.FreePorts;
import io.kubekv.e2e.StoreProcess;
import io.kubekv.zookeeper.probes.ProbePair;
import io.kubekv.zookeeper.probes.Probed;
import io.kubekv.zookeeper.probes.Step;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * {@code e2e/run zookeeper-probes}: random programs of several sessions on Debian's ZooKeeper and
 * on kubekv's ZooKeeper door at the same time, every answer and every watch's event compared. One
 * that differs is shortened and printed with its seed.
 */
final class ZooKeeperProbesCheck {
  private static final Duration QUICK = Duration.ofSeconds(60);
  private static final int MAX_SHOWN = 5;
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
    long end = System.nanoTime() + time.toNanos();
    long seed = first;
    int differences = 0;
    while (seed - first < programs && System.nanoTime() < end && differences < MAX_SHOWN) {
      Optional<ProbePair.Difference> difference = pair.differs(seed);
      if (difference.isPresent()) {
        differences++;
        print(difference.get());
      }
      seed++;
    }
    long requests = pair.candidate().requests();
    return new Check.Verdict(
        "%,d requests in %,d programs from seed %d, %d programs differ"
            .formatted(requests, seed - first, first, differences),
        least > 1 ? "at least %,d requests, none".formatted(least) : "none",
        differences == 0 && requests >= least);
  }

  private static void print(ProbePair.Difference difference) {
    List<Step> program = difference.program();
    Check.say("seed %d differs; %d steps are enough:", difference.seed(), program.size());
    for (int i = 0; i < program.size(); i++) {
      Check.say("  %d %s", i, program.get(i));
    }
    String at =
        difference.at() < program.size()
            ? "step " + difference.at()
            : "session %d at the end".formatted(difference.at() - program.size());
    Check.say("  %s, ZooKeeper:%n%s", at, difference.expected().indent(6).stripTrailing());
    Check.say("  %s, the candidate:%n%s", at, difference.found().indent(6).stripTrailing());
  }
}
