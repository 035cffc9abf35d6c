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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * {@code benchmarks/run [--quick|--full|--all] [--resume] [--only NAME] [--out FOLDER]}: measures
 * and writes the report. Ended by Ctrl-C it writes the report of what it has; {@code --resume} goes
 * on from there.
 */
final class Report {
  private Report() {}

  public static void main(String[] words) throws IOException {
    try {
      run(new Arguments(words));
    } catch (IllegalArgumentException e) {
      System.err.println("report: " + e.getMessage());
      System.exit(2);
    }
  }

  private static void run(Arguments arguments) throws IOException {
    Size size = size(arguments);
    boolean resume = arguments.flag("--resume");
    String only = arguments.option("--only").orElse("");
    long seed = arguments.count("--seed", 1);
    Path folder = Path.of(arguments.option("--out").orElseGet(() -> folderOf(size).toString()));
    arguments.end();
    List<Scenario> scenarios =
        new Plan(size)
            .scenarios().stream().filter(one -> one.chapter().scenario().contains(only)).toList();
    run(folder, results(folder, resume, About.of(size, seed)), seed, scenarios);
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
    return resume && Files.exists(file) ? Results.read(file) : Results.create(file, about);
  }

  private static void run(Path folder, Results results, long seed, List<Scenario> scenarios)
      throws IOException {
    Progress progress = new Progress(results.samples().size());
    Run run = new Run(results, seed, progress::said);
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
    } finally {
      List<Chapter> chapters = scenarios.stream().map(Scenario::chapter).toList();
      new ReportPages(results, chapters, Claims.all()).write(folder);
      Check.say(
          "%s report: %s and %s",
          run.isStopping() ? "partial" : "the",
          folder.resolve("report.html"),
          folder.resolve("REPORT.md"));
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
