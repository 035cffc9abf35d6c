package io.kubekv.e2e.attacks;

import io.kubekv.e2e.Check;
import io.kubekv.e2e.Finding;
import io.kubekv.e2e.HttpAnswer;
import io.kubekv.e2e.HttpConnection;
import io.kubekv.e2e.StoreProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A stopped server's file is damaged at random, which is seeded: it is named, or does no harm. */
final class Damages implements Attack {
  private static final int KEYS = 300;
  private static final int VALUE = 1_000;

  private static final Pattern DAMAGED =
      Pattern.compile("damaged|corrupt|malformed", Pattern.CASE_INSENSITIVE);

  /** What became of a damaged store. */
  enum Outcome {
    /** Everything is there. */
    HARMLESS,
    /** It does not start, or says what is damaged; and what it shows is right. */
    NAMED,
    /** It does not start, or has lost something, and does not say what is damaged. */
    NOT_NAMED,
    /** It shows a value that was never put there. */
    WRONG
  }

  @Override
  public String name() {
    return "damages";
  }

  @Override
  public String about() {
    return "random damage to the file of a stopped server";
  }

  @Override
  public boolean needsQuiet() {
    return false;
  }

  @Override
  public void examine(Rig rig, Consumer<Finding> findings) throws IOException {
    Path sound = rig.folder("sound").resolve("data");
    Map<String, String> entries = write(sound);
    Map<Outcome, Integer> outcomes = new TreeMap<>();
    for (int seed = 0; seed < (rig.quick() ? 4 : 50); seed++) {
      Path copy = rig.folder("copy").resolve("data");
      copy(sound, copy);
      String damage = Damage.of(seed).doTo(copy.resolve("kubekv.db"));
      Outcome outcome = outcome(copy, entries);
      Check.say("  damage %d: %s: %s", seed, damage, outcome);
      outcomes.merge(outcome, 1, Integer::sum);
    }
    findings.accept(Finding.told("outcomes", "%s", outcomes));
    for (Outcome bad : List.of(Outcome.WRONG, Outcome.NOT_NAMED)) {
      findings.accept(Finding.exactly("damages " + bad, outcomes.getOrDefault(bad, 0), 0));
    }
  }

  private static Map<String, String> write(Path data) throws IOException {
    Map<String, String> entries = new HashMap<>();
    try (Victim victim = Victim.open(data)) {
      for (int i = 0; i < KEYS; i++) {
        String value = Seed.value(i, VALUE);
        victim.putInnocent("sound/k" + i, value);
        entries.put("sound/k" + i, value);
      }
    }
    return entries;
  }

  private static Outcome outcome(Path data, Map<String, String> entries) throws IOException {
    try (StoreProcess kubekv = StoreProcess.embeddedAt(data, Chart.and())) {
      Outcome shown = shown(kubekv, entries);
      boolean named = names(Files.readString(kubekv.log()));
      return shown == Outcome.NOT_NAMED && named ? Outcome.NAMED : shown;
    } catch (IOException notStarted) {
      String told = String.valueOf(notStarted.getMessage());
      Check.say("  %s", lastLine(told));
      return names(told) ? Outcome.NAMED : Outcome.NOT_NAMED;
    }
  }

  /** Whether an operator is told what is damaged; the words are those of kubekv or of SQLite. */
  static boolean names(String said) {
    return said.contains("kubekv.db")
        && said.lines().anyMatch(line -> DAMAGED.matcher(line).find());
  }

  private static String lastLine(String said) {
    return said.lines().reduce("", (first, last) -> last.isBlank() ? first : last);
  }

  private static Outcome shown(StoreProcess kubekv, Map<String, String> entries)
      throws IOException {
    Outcome outcome = Outcome.HARMLESS;
    try (HttpConnection connection = HttpConnection.open(kubekv.address())) {
      connection.readTimeout(Duration.ofSeconds(20));
      for (Map.Entry<String, String> entry : entries.entrySet()) {
        HttpAnswer answer =
            connection.exchange(
                HttpConnection.request(
                    "GET", "/v2/keys/" + entry.getKey(), kubekv.address(), Map.of(), ""));
        if (answer.status() == 200 && !Memorised.shows(answer, entry.getValue())) {
          return Outcome.WRONG;
        }
        if (answer.status() != 200 && outcome == Outcome.HARMLESS) {
          Check.say("  %s: %d %s", entry.getKey(), answer.status(), answer.body().strip());
          outcome = Outcome.NOT_NAMED;
        }
      }
    }
    return outcome;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file)));
      }
    }
  }
}
