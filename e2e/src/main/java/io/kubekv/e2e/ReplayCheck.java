package io.kubekv.e2e;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/**
 * {@code e2e/run replay}: the recorded traffic of two Docker engines against real etcd and kubekv
 * in turn, or against one given store.
 */
final class ReplayCheck {
  private static final int SHOWN = 10;
  private static final Map<String, String> NO_HEADERS = Map.of();

  private final Recording recording;
  private final int rounds;
  private final Duration warmUp;
  private final boolean answersOnly;
  private int differences;

  /**
   * @param warmUp for how long each of two stores is replayed to before the first round
   */
  private ReplayCheck(Recording recording, int rounds, Duration warmUp, boolean answersOnly) {
    this.recording = recording;
    this.rounds = rounds;
    this.warmUp = warmUp;
    this.answersOnly = answersOnly;
  }

  public static void main(String[] arguments) {
    Check.run("replay", arguments, ReplayCheck::run);
  }

  private static Check.Verdict run(Arguments arguments) throws IOException {
    boolean quick = arguments.flag("--quick");
    int rounds = arguments.count("--rounds", quick ? 3 : 7);
    Optional<String> given = arguments.option("--store");
    String candidate = arguments.option("--candidate").orElse("kubekv");
    boolean answersOnly = arguments.flag("--answers-only");
    arguments.end();
    Path file = Repository.root().resolve("e2e/data/docker-overlay/requests.jsonl.gz");
    Duration warmUp =
        answersOnly ? Duration.ZERO : quick ? Duration.ofSeconds(10) : Duration.ofSeconds(40);
    ReplayCheck check = new ReplayCheck(Recording.read(file), rounds, warmUp, answersOnly);
    if (given.isPresent()) {
      return check.againstOne(given.get());
    }
    try (StoreProcess etcd = StoreProcess.etcd();
        StoreProcess other = StoreProcess.named(candidate)) {
      return check.sideBySide(etcd, other);
    }
  }

  private Check.Verdict againstOne(String store) throws IOException {
    Contestant contestant = new Contestant(store, Arguments.address("--store", store, 2379));
    for (int round = 1; round <= rounds; round++) {
      play(contestant, round);
    }
    contestant.print();
    return new Check.Verdict(
        differences + " of " + rounds * recording.exchanges().size() + " answers differ",
        "0",
        differences == 0);
  }

  private Check.Verdict sideBySide(StoreProcess etcd, StoreProcess candidate) throws IOException {
    Contestant first = new Contestant("etcd", etcd.address());
    Contestant second = new Contestant(candidate.name(), candidate.address());
    warmUp(first);
    warmUp(second);
    double[] ratios = new double[rounds];
    for (int round = 1; round <= rounds; round++) {
      // each goes first in every other round, so that neither always meets the quieter machine
      List<Contestant> order = round % 2 == 1 ? List.of(first, second) : List.of(second, first);
      for (Contestant contestant : order) {
        play(contestant, round);
      }
      ratios[round - 1] = second.last() / first.last();
    }
    first.print();
    second.print();
    double ratio = Check.median(ratios);
    Check.say("total time, %s to etcd, round by round: %s", second.name, formatted(ratios));
    if (differences > 0) {
      Check.say("%d answers differ from the recorded ones", differences);
    }
    if (answersOnly) {
      return new Check.Verdict(
          differences
              + " answers differ, at a ratio of "
              + formatted(ratio)
              + " that is not judged",
          "0",
          differences == 0);
    }
    double bar = bar(candidate);
    return new Check.Verdict(
        formatted(ratio), "<= " + formatted(bar), ratio <= bar && differences == 0);
  }

  /** How much of etcd's time it may take: kubekv by what it keeps its log in, an etcd as much. */
  private static double bar(StoreProcess candidate) {
    if (!candidate.name().equals("kubekv")) {
      return 1.0;
    }
    if (ClusterStore.isWanted()) {
      return 0.9;
    }
    return StoreProcess.etcdBeneath().isPresent() ? 1.0 : 0.45;
  }

  /** Its answers are compared as those of any round; its times are those of a cold program. */
  private void warmUp(Contestant contestant) throws IOException {
    long end = System.nanoTime() + warmUp.toNanos();
    int replays = 0;
    int before = differences;
    while (System.nanoTime() - end < 0) {
      compare(contestant, Replay.of(recording, contestant.address));
      replays++;
    }
    if (replays > 0) {
      Check.say(
          "warm-up, %s: %d replays, %d answers differ",
          contestant.name, replays, differences - before);
    }
  }

  private void play(Contestant contestant, int number) throws IOException {
    Round round = Replay.of(recording, contestant.address);
    contestant.add(round);
    Check.say(
        "round %d, %s: %.2f s, %d of %d answers differ",
        number,
        contestant.name,
        contestant.last(),
        round.differences().size(),
        recording.exchanges().size());
    compare(contestant, round);
  }

  /** Says what differs, and makes the store ready for the next replay. */
  private void compare(Contestant contestant, Round round) throws IOException {
    differences += round.differences().size();
    round.differences().stream().limit(SHOWN).forEach(difference -> Check.say("  %s", difference));
    clean(contestant.address);
  }

  /** The next replay needs an empty store. */
  private static void clean(InetSocketAddress store) throws IOException {
    try (HttpConnection connection = HttpConnection.open(store)) {
      connection.exchange(
          HttpConnection.request(
              "DELETE", "/v2/keys/docker?recursive=true", store, NO_HEADERS, ""));
    }
  }

  private static String formatted(double... ratios) {
    List<String> texts = new ArrayList<>();
    for (double ratio : ratios) {
      texts.add(String.format(Locale.ROOT, "%.2f", ratio));
    }
    return String.join(" ", texts);
  }

  /** A store with what its rounds showed. */
  private static final class Contestant {
    private final String name;
    private final InetSocketAddress address;
    private final List<Round> rounds = new ArrayList<>();

    Contestant(String name, InetSocketAddress address) {
      this.name = name;
      this.address = address;
    }

    void add(Round round) {
      rounds.add(round);
    }

    double last() {
      Duration waited = rounds.getLast().waited();
      return waited.toNanos() / 1e9;
    }

    void print() {
      Check.say(
          "%-8s %8s %9s %9s %9s  milliseconds, all rounds", name, "count", "p50", "p95", "p99");
      Times times = new Times();
      rounds.forEach(round -> times.add(round.times()));
      for (Kind kind : Kind.values()) {
        Histogram all = times.of(kind);
        Check.say(
            "%-8s %8d %9.2f %9.2f %9.2f",
            kind.plural(), all.getTotalCount(), at(all, 50), at(all, 95), at(all, 99));
      }
    }

    private static double at(Histogram times, double percentile) {
      return times.getValueAtPercentile(percentile) / 1e6;
    }
  }
}
