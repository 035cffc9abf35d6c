package io.kubekv.e2e.attacks;

import io.kubekv.e2e.Finding;
import io.kubekv.e2e.HttpAnswer;
import io.kubekv.e2e.HttpConnection;
import io.kubekv.e2e.Waiting;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A disk that is full: a file system in memory, of a size that the store outgrows, until somebody
 * makes it larger. Deletes are taken meanwhile; what they give back comes with the next snapshot of
 * the log, which needs room itself.
 */
final class FullDisk implements Attack {
  private static final int BYTES = 200_000;
  private static final int MOST = 400;

  /** Each is an entry of the log, for which room is kept. */
  private static final int DELETES = 80;

  private static final int REFUSALS = 4;
  private static final int FIRST_SOURCE = 5_000;
  private static final Duration WORKS_AGAIN_WITHIN = Duration.ofSeconds(60);

  @Override
  public String name() {
    return "full-disk";
  }

  @Override
  public String about() {
    return "a disk that is full, and then is made larger";
  }

  @Override
  public boolean needsQuiet() {
    return false;
  }

  @Override
  public void examine(Rig rig, Consumer<Finding> findings) throws IOException {
    Path disk = rig.folder("disk");
    Authority.run(List.of("mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", disk.toString()));
    try (Victim victim = Victim.open(disk.resolve("data"));
        Health health = new Health(victim.process.operations())) {
      Rig.fill(victim);
      long logged = victim.logged();
      List<String> taken = new ArrayList<>();
      String refusal = fill(victim, taken);
      findings.accept(
          Finding.of("the disk was filled", !refusal.isEmpty(), taken.size() + " values"));
      findings.accept(Finding.of("the refusal says so", refusal.contains("disk is full"), refusal));
      findings.accept(Finding.exactly("wrong while it is full", victim.wrong(), 0));
      String ready = readiness(victim.process.operations());
      findings.accept(Finding.of("/readyz says so", ready.contains("disk is full"), ready));
      findings.accept(
          Finding.exactly("deletes that were refused", refusedDeletes(victim, taken), 0));
      Authority.run(List.of("mount", "-o", "remount,size=96m", disk.toString()));
      findings.accept(Finding.of("puts work again", worksAgain(victim), "within 60 s"));
      ready = readiness(victim.process.operations());
      findings.accept(Finding.of("/readyz is well again", ready.startsWith("200"), ready));
      findings.accept(Finding.exactly("wrong afterwards", victim.wrong(), 0));
      findings.accept(Finding.atMost("KiB of log", (victim.logged() - logged) / 1024.0, 64, "KiB"));
      findings.accept(
          Finding.atMost(
              "the slowest /healthz", health.slowest().toMillis(), Judge.HEALTH.toMillis(), "ms"));
    } finally {
      Authority.run(List.of("umount", "-l", disk.toString()));
    }
  }

  /** Puts until it is refused several times; the last refusal. */
  private static String fill(Victim victim, List<String> taken) throws IOException {
    String refusal = "";
    int refused = 0;
    for (int i = 0; i < MOST && refused < REFUSALS; i++) {
      String key = "disk/k" + i;
      String value = Seed.value(i, BYTES);
      HttpAnswer answer = Seed.put(victim.process.address(), FIRST_SOURCE + i, key, value);
      if (answer.status() < 300) {
        taken.add(key);
      } else {
        refusal = answer.status() + " " + answer.body().strip();
        refused++;
      }
    }
    return refusal;
  }

  private static int refusedDeletes(Victim victim, List<String> taken) throws IOException {
    int refused = 0;
    InetSocketAddress etcd = victim.process.address();
    try (HttpConnection connection = victim.connect()) {
      connection.readTimeout(Duration.ofSeconds(30));
      for (String key : taken.stream().limit(DELETES).toList()) {
        HttpAnswer answer =
            connection.exchange(
                HttpConnection.request("DELETE", "/v2/keys/" + key, etcd, Map.of(), ""));
        refused += answer.status() == 200 ? 0 : 1;
      }
    }
    return refused;
  }

  private static boolean worksAgain(Victim victim) throws IOException {
    long deadline = System.nanoTime() + WORKS_AGAIN_WITHIN.toNanos();
    while (System.nanoTime() < deadline) {
      String value = Seed.value(0, BYTES);
      if (Seed.put(victim.process.address(), FIRST_SOURCE, "disk/again", value).status() < 300) {
        return true;
      }
      Waiting.pause(Duration.ofSeconds(1));
    }
    return false;
  }

  /** Status and body of {@code /readyz}. */
  static String readiness(InetSocketAddress operations) {
    try (HttpConnection connection = HttpConnection.open(operations)) {
      connection.readTimeout(Duration.ofSeconds(10));
      HttpAnswer answer =
          connection.exchange(HttpConnection.request("GET", "/readyz", operations, Map.of(), ""));
      return answer.status() + " " + answer.body().strip();
    } catch (IOException cut) {
      return "no answer";
    }
  }
}
