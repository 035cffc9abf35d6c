package io.kubekv.e2e.alerts;

import io.kubekv.e2e.Arguments;
import io.kubekv.e2e.Check;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * {@code e2e/run alerts}: every alert of the chart is provoked in a running kubekv, whose metrics a
 * real Prometheus scrapes and judges by the alert's own expression.
 */
final class AlertsCheck {
  private AlertsCheck() {}

  /** All troubles; together they must cause every alert. */
  static List<Group> groups() {
    return List.of(
        new ApiTroubles(),
        new HolderTroubles(),
        new ReplicaTroubles(),
        new SecuredTroubles(),
        new ReviewTroubles(),
        new LogTroubles());
  }

  public static void main(String[] arguments) {
    Check.run("alerts", arguments, AlertsCheck::run);
  }

  private static Check.Verdict run(Arguments arguments) throws IOException {
    arguments.flag("--quick"); // it has one form only
    Optional<String> only = arguments.option("--only");
    arguments.end();
    List<Group> chosen =
        groups().stream()
            .filter(group -> only.isEmpty() || group.alerts().contains(only.get()))
            .toList();
    Path folder = Files.createTempDirectory("kubekv-e2e-alerts");
    try (Places places = Places.open();
        Prometheus prometheus = Prometheus.start(folder.resolve("prometheus"))) {
      Stage stage = new Stage(places, folder, prometheus);
      play(chosen, stage);
      return verdict(stage, only.isEmpty() ? Rules.names() : alerts(chosen));
    } finally {
      remove(folder);
    }
  }

  private static Set<String> alerts(List<Group> groups) {
    Set<String> alerts = new TreeSet<>();
    groups.forEach(group -> alerts.addAll(group.alerts()));
    return alerts;
  }

  /** Side by side: most of the time is waiting. Returns when all are over. */
  private static void play(List<Group> groups, Stage stage) throws IOException {
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      List<Future<?>> all = new ArrayList<>();
      for (Group group : groups) {
        all.add(
            threads.submit(
                () -> {
                  group.play(stage);
                  return true;
                }));
      }
      for (Future<?> each : all) {
        each.get();
      }
    } catch (ExecutionException failed) {
      throw new IOException("a trouble could not be made: " + failed.getCause(), failed.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static Check.Verdict verdict(Stage stage, Set<String> wanted) {
    long fired = stage.provoked().values().stream().filter(each -> each).count();
    long well = stage.well().values().stream().filter(each -> each).count();
    Set<String> missing = new TreeSet<>(wanted);
    missing.removeAll(stage.provoked().keySet());
    missing.forEach(alert -> Check.say("  nothing provokes %s", alert));
    return new Check.Verdict(
        "%d of %d alerts provoked, none of %d stores' fires while all is well"
            .formatted(fired, wanted.size(), well),
        "all",
        fired == wanted.size() && well == stage.well().size());
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
