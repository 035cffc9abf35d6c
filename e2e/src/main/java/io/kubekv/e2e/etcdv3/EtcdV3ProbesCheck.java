package io.kubekv.e2e.etcdv3;

import com.google.protobuf.Message;
import io.kubekv.e2e.Arguments;
import io.kubekv.e2e.Check;
import io.kubekv.e2e.ProgramRuns;
import io.kubekv.e2e.StoreProcess;
import io.kubekv.etcdv3.probes.ProbePair;
import io.kubekv.etcdv3.probes.Probed;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;

/**
 * {@code e2e/run etcd-v3-probes}: random programs on the real etcd 3.6 and on kubekv's etcd v3 door
 * at the same time, every answer and every event of every watch compared. One that differs is
 * shortened and printed with its seed.
 */
final class EtcdV3ProbesCheck {
  private static final Duration QUICK = Duration.ofSeconds(75);
  private static final int MAX_PROGRAMS = 99_999_999;

  private EtcdV3ProbesCheck() {}

  public static void main(String[] arguments) {
    Check.run("etcd-v3-probes", arguments, EtcdV3ProbesCheck::run);
  }

  private static Check.Verdict run(Arguments arguments) throws IOException {
    Duration time =
        arguments.flag("--quick") ? QUICK : Duration.ofMinutes(arguments.count("--minutes", 60));
    long seed = arguments.count("--seed", 1);
    int programs = arguments.count("--programs", MAX_PROGRAMS);
    String candidate = arguments.option("--candidate").orElse("kubekv");
    arguments.end();
    if (candidate.contains("://")) {
      InetSocketAddress there = Arguments.address("--candidate", candidate, 2379);
      return beside(there, false, seed, programs, time);
    }
    boolean isEtcd = candidate.equals("etcd");
    if (!isEtcd && !candidate.equals("kubekv")) {
      throw new IllegalArgumentException(
          "no candidate is called '" + candidate + "': etcd, kubekv or a URL");
    }
    try (StoreProcess process = isEtcd ? etcd() : StoreProcess.embedded()) {
      return beside(process.address(), isEtcd, seed, programs, time);
    }
  }

  private static StoreProcess etcd() throws IOException {
    String program =
        Objects.requireNonNull(System.getenv("E2E_ETCD36"), "E2E_ETCD36 names no program");
    return StoreProcess.etcd(program, "--unsafe-no-fsync");
  }

  private static Check.Verdict beside(
      InetSocketAddress candidate, boolean isEtcd, long seed, int programs, Duration time)
      throws IOException {
    try (StoreProcess real = etcd();
        Probed etcd = new Probed(real.address(), true);
        Probed probed = new Probed(candidate, isEtcd)) {
      return compared(new ProbePair(etcd, probed), seed, programs, time);
    }
  }

  private static Check.Verdict compared(ProbePair pair, long first, int programs, Duration time)
      throws IOException {
    ProgramRuns.Outcome outcome =
        new ProgramRuns<Message>("etcd", EtcdV3ProbesCheck::text, "watch")
            .run(pair::differs, first, programs, time);
    long requests = pair.candidate().requests();
    return new Check.Verdict(outcome.told(requests), "none", outcome.differ() == 0 && requests > 0);
  }

  private static String text(Message step) {
    String text = step.toString().replace("\n", " ").replaceAll(" +", " ");
    return step.getClass().getSimpleName() + " " + text;
  }
}
