package io.kubekv.e2e.attacks;

import io.kubekv.e2e.Finding;
import io.kubekv.e2e.HttpAnswer;
import io.kubekv.e2e.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The folder of a running server's data is removed: what cannot be kept must not be acknowledged.
 */
final class RemovedFolder implements Attack {
  private static final int PUTS = 20;
  private static final Duration NOTICED_WITHIN = Duration.ofSeconds(15);

  @Override
  public String name() {
    return "removed-folder";
  }

  @Override
  public String about() {
    return "the data folder is removed under a running server";
  }

  @Override
  public boolean needsQuiet() {
    return false;
  }

  @Override
  public void examine(Rig rig, Consumer<Finding> findings) throws IOException {
    Path data = rig.folder("removed").resolve("data");
    try (Victim victim = Victim.open(data)) {
      Rig.fill(victim);
      long logged = victim.logged();
      remove(data);
      AtomicInteger acknowledged = new AtomicInteger();
      Set<String> said = new ConcurrentSkipListSet<>();
      Workers.all(
          PUTS,
          PUTS,
          number -> {
            HttpAnswer answer =
                Seed.put(victim.process.address(), 7_000 + number, "removed/k" + number, "x");
            acknowledged.addAndGet(answer.status() < 300 ? 1 : 0);
            said.add(answer.status() + " " + answer.body().strip().replaceAll("[0-9]+", "N"));
          });
      findings.accept(Finding.exactly("puts acknowledged of " + PUTS, acknowledged.get(), 0));
      findings.accept(Finding.told("what they are told", "%s", said));
      String ready = unready(victim);
      findings.accept(Finding.of("it is not ready any more", !ready.startsWith("200"), ready));
      findings.accept(Finding.atMost("KiB of log", (victim.logged() - logged) / 1024.0, 64, "KiB"));
    }
  }

  private static String unready(Victim victim) {
    long deadline = System.nanoTime() + NOTICED_WITHIN.toNanos();
    String ready = FullDisk.readiness(victim.process.operations());
    while (ready.startsWith("200") && System.nanoTime() < deadline) {
      Waiting.pause(Duration.ofMillis(500));
      ready = FullDisk.readiness(victim.process.operations());
    }
    return ready;
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
