package io.kubekv.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * etcdctl of etcd v2 on three kubekv that serve one store on an etcd v3. It is told of one of them,
 * learns the others from it, and goes on with them when that one has stopped.
 */
final class MembersOnEtcd implements AutoCloseable {
  private static final int SERVERS = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final List<StoreProcess> servers = new ArrayList<>();
  private final List<String> complaints = new ArrayList<>();
  private int made;

  private MembersOnEtcd() {}

  /**
   * Blocks until all has been tried.
   *
   * @param etcd where it listens, as HOST:PORT
   */
  static ClientRun run(String etcd) throws IOException {
    try (MembersOnEtcd members = new MembersOnEtcd()) {
      List<String> store = List.of("--etcd", etcd, "--namespace", UUID.randomUUID().toString());
      for (int server = 0; server < SERVERS; server++) {
        members.servers.add(StoreProcess.backed(store));
      }
      members.lists();
      members.failover();
      int passed = members.made - members.complaints.size();
      return new ClientRun(members.made, passed, List.of(), members.complaints);
    }
  }

  private void lists() {
    for (StoreProcess server : servers) {
      check("each lists all, with ids of their own", () -> listed(server, servers));
    }
  }

  /** A watch that began at the first server tells what is written after that has stopped. */
  private void failover() throws IOException {
    Path told = servers.getFirst().folder().resolve("told");
    StoreProcess first = servers.getFirst();
    StoreProcess second = servers.get(1);
    Process watch = etcdctl(first, told, "watch", "--forever", "/members/key");
    try {
      check("a watch by the first tells what the second writes", () -> tells(told, second, "1"));
      first.terminate();
      check("it goes on when the first has stopped", () -> tells(told, second, "2"));
      List<StoreProcess> left = servers.subList(1, SERVERS);
      check("the stopped one is listed no more", () -> listed(second, left));
    } finally {
      watch.destroyForcibly();
    }
  }

  /** Tried until it holds; a failure is noted. */
  private void check(String what, BooleanSupplier holds) {
    made++;
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() > end) {
        complaints.add("not ok members on etcd: " + what);
        return;
      }
      Waiting.pause(Duration.ofMillis(200));
    }
  }

  private static boolean tells(Path told, StoreProcess writer, String value) {
    output(writer, "set", "/members/key", value);
    try {
      return Files.readAllLines(told).contains(value);
    } catch (IOException unreadable) {
      return false;
    }
  }

  /** Whether a server lists these and no others, no two with one id. */
  private static boolean listed(StoreProcess server, List<StoreProcess> expected) {
    List<String> lines = output(server, "member", "list").lines().toList();
    Set<String> ids = new HashSet<>();
    lines.forEach(line -> ids.add(line.substring(0, Math.max(0, line.indexOf(':')))));
    return lines.size() == expected.size()
        && ids.size() == expected.size()
        && expected.stream()
            .map(one -> "clientURLs=http://" + StoreProcess.hostAndPort(one.address()) + " ")
            .allMatch(url -> lines.stream().anyMatch(line -> line.contains(url)));
  }

  /** What etcdctl prints; empty when it fails. */
  private static String output(StoreProcess server, String... command) {
    try {
      Path file = Files.createTempFile("kubekv-e2e-etcdctl", "");
      try {
        Process process = etcdctl(server, file, command);
        boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        process.destroyForcibly();
        return ended && process.exitValue() == 0 ? Files.readString(file) : "";
      } finally {
        Files.delete(file);
      }
    } catch (IOException failed) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  private static Process etcdctl(StoreProcess server, Path output, String... command)
      throws IOException {
    List<String> line = new ArrayList<>(List.of("etcdctl", "--endpoints"));
    line.add("http://" + StoreProcess.hostAndPort(server.address()));
    line.addAll(List.of(command));
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
    builder.environment().put("ETCDCTL_API", "2");
    return builder.redirectOutput(output.toFile()).start();
  }

  @Override
  public void close() {
    servers.forEach(StoreProcess::close);
  }
}
