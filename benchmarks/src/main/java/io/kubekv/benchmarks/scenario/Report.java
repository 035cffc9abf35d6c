package io.kubekv.benchmarks.scenario;

import io.kubekv.benchmarks.report.Chapter;
import io.kubekv.benchmarks.report.ReportPages;
import io.kubekv.benchmarks.report.Results;
import io.kubekv.e2e.Arguments;
import io.kubekv.e2e.Check;
import io.kubekv.e2e.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * {@code benchmarks/run [--quick|--full|--all] [--resume] [--rounds N] [--only NAMES] [--out
 * FOLDER]}: measures and writes the report. Ended by Ctrl-C it writes the report of what it has;
 * {@code --resume} goes on from there, and measures the rounds that {@code --rounds} left out.
 * {@code --render FOLDER} writes the report of the results that are in a folder, and measures
 * nothing.
 */
final class Report {
  private Report() {}

  public static void main(String[] words) throws IOException {
    try {
      run(new Arguments(words), command(words));
    } catch (IllegalArgumentException e) {
      System.err.println("report: " + e.getMessage());
      System.exit(2);
    }
  }

  /** What was called, but where the results went. */
  private static String command(String... words) {
    List<String> kept = new ArrayList<>(List.of("benchmarks/run"));
    for (int i = 0; i < words.length; i++) {
      if (words[i].equals("--out")) {
        i++;
      } else {
        kept.add(words[i]);
      }
    }
    return String.join(" ", kept);
  }

  private static void run(Arguments arguments, String command) throws IOException {
    Optional<String> rendered = arguments.option("--render");
    if (rendered.isPresent()) {
      arguments.end();
      render(Path.of(rendered.get()));
      return;
    }
    Size size = size(arguments);
    boolean resume = arguments.flag("--resume");
    List<String> only = List.of(arguments.option("--only").orElse("").split(","));
    int rounds = arguments.count("--rounds", size.rounds());
    long seed = arguments.count("--seed", 1);
    Path folder = Path.of(arguments.option("--out").orElseGet(() -> folderOf(size).toString()));
    arguments.end();
    List<Scenario> all = new Plan(size).scenarios();
    List<Scenario> scenarios = chosen(all, only);
    Results results = results(folder, resume, About.of(size, seed, command));
    Progress progress = new Progress(results.samples().size());
    Run run = new Run(results, seed, rounds, progress::said);
    try {
      measure(run, scenarios, progress);
    } finally {
      write(folder, results, all);
      Check.say(
          "%s report: %s and %s",
          run.isStopping() ? "partial" : "the",
          folder.resolve("report.html"),
          folder.resolve("REPORT.md"));
    }
  }

  /**
   * Those of the names; a name that no scenario has stands for all that have it in theirs.
   *
   * @throws IllegalArgumentException for a name that none has in its own
   */
  static List<Scenario> chosen(List<Scenario> all, List<String> names) {
    List<String> known = all.stream().map(one -> one.chapter().scenario()).toList();
    Set<String> wanted = new HashSet<>();
    for (String name : names) {
      List<String> meant =
          known.contains(name)
              ? List.of(name)
              : known.stream().filter(one -> one.contains(name)).toList();
      if (meant.isEmpty()) {
        throw new IllegalArgumentException(
            "--only: no scenario is called '" + name + "'; there are " + String.join(", ", known));
      }
      wanted.addAll(meant);
    }
    return all.stream().filter(one -> wanted.contains(one.chapter().scenario())).toList();
  }

  /** Writes the report of the results that are in a folder. */
  static void render(Path folder) throws IOException {
    Path file = folder.resolve("results.jsonl");
    if (!Files.exists(file)) {
      throw new IllegalArgumentException(
          "there is no results.jsonl in " + folder + ": name a folder that a run wrote");
    }
    Results results = Results.read(file);
    String size = results.about().getOrDefault("size", "all").toUpperCase(Locale.ROOT);
    write(folder, results, new Plan(Size.valueOf(size)).scenarios());
    Check.say("the report: %s", folder.resolve("report.html"));
  }

  private static void write(Path folder, Results results, List<Scenario> scenarios)
      throws IOException {
    List<Chapter> chapters = scenarios.stream().map(Scenario::chapter).toList();
    new ReportPages(results, chapters, Contents.outline()).write(folder);
  }

  private static Path folderOf(Size size) {
    return Repository.root()
        .resolve("benchmarks/target/report")
        .resolve(size.name().toLowerCase(Locale.ROOT));
  }

  private static Size size(Arguments arguments) {
    if (arguments.flag("--all")) {
      return Size.ALL;
    }
    boolean full = arguments.flag("--full");
    return arguments.flag("--quick") || !full ? Size.QUICK : Size.FULL;
  }

  private static Results results(Path folder, boolean resume, Map<String, String> about)
      throws IOException {
    Path file = folder.resolve("results.jsonl");
    if (!resume || !Files.exists(file)) {
      return Results.create(file, about);
    }
    Results results = Results.read(file);
    for (String setting : List.of("size", "seed")) {
      String before = results.about().getOrDefault(setting, "");
      if (!before.equals(about.get(setting))) {
        throw new IllegalArgumentException(
            "--resume of a run whose %s was %s, with %s: name it as it was, or another --out"
                .formatted(setting, before, about.get(setting)));
      }
    }
    results.resume(about);
    return results;
  }

  /** Returns when all is measured, or the run was ended by Ctrl-C. */
  private static void measure(Run run, List<Scenario> scenarios, Progress progress)
      throws IOException {
    progress.begin(run.left(scenarios));
    Thread hook = stopOnExit(run, Thread.currentThread());
    try {
      for (Scenario scenario : scenarios) {
        progress.next(scenario);
        run.put(scenario);
      }
    } catch (IOException e) {
      if (!run.isStopping()) {
        throw e;
      }
    }
    if (!run.isStopping()) {
      Runtime.getRuntime().removeShutdownHook(hook);
    }
  }

  /** Ctrl-C ends the virtual machine when all hooks have: this one waits for the report. */
  private static Thread stopOnExit(Run run, Thread main) {
    Thread hook =
        new Thread(
            () -> {
              run.stop();
              try {
                main.join(TimeUnit.SECONDS.toMillis(60));
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "report-on-exit");
    Runtime.getRuntime().addShutdownHook(hook);
    return hook;
  }
}
