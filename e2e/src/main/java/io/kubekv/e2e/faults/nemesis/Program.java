package io.kubekv.e2e.faults.nemesis;

import io.kubekv.e2e.HttpConnection;
import io.kubekv.e2e.Waiting;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A server process that is killed, stopped, continued and started again. Its output goes to a file.
 * Not thread-safe.
 */
final class Program {
  /** How long a start may take on a machine that has much else to do. */
  static final Duration START = Duration.ofMinutes(5);

  private static final Duration END = Duration.ofSeconds(20);
  private static final int LAST_LINES = 20;

  private final String name;
  private final List<String> command;
  private final Map<String, String> environment;
  private final Path log;
  private final InetSocketAddress readiness;
  private final Thread onExit = new Thread(this::kill, "end-of-program");
  private @Nullable Process process;

  /**
   * @param readiness where {@code /readyz} answers 200 when it is ready
   */
  Program(
      String name,
      List<String> command,
      Map<String, String> environment,
      Path log,
      InetSocketAddress readiness) {
    this.name = name;
    this.command = List.copyOf(command);
    this.environment = Map.copyOf(environment);
    this.log = log;
    this.readiness = readiness;
    Runtime.getRuntime().addShutdownHook(onExit);
  }

  String name() {
    return name;
  }

  void start() throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    process = builder.start();
  }

  boolean isAlive() {
    Process running = process;
    return running != null && running.isAlive();
  }

  /** As {@code kill -9}; returns when it is gone. */
  void kill() {
    Process running = process;
    if (running != null) {
      running.destroyForcibly();
      join(running);
    }
  }

  /** Asks it to end, and waits until it has. */
  void terminate() {
    Process running = process;
    if (running != null) {
      running.destroy();
      join(running);
    }
  }

  private void join(Process running) {
    try {
      if (!running.waitFor(END.toMillis(), TimeUnit.MILLISECONDS)) {
        running.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** As {@code kill -STOP}. */
  void pause() throws IOException {
    signal("-STOP");
  }

  /** As {@code kill -CONT}. */
  void resume() throws IOException {
    signal("-CONT");
  }

  private void signal(String signal) throws IOException {
    Process running = process;
    if (running != null && running.isAlive()) {
      Process kill = new ProcessBuilder("kill", signal, Long.toString(running.pid())).start();
      join(kill);
    }
  }

  /** Whether it says that it is ready. */
  boolean isReady() {
    try (HttpConnection connection = HttpConnection.open(readiness)) {
      connection.readTimeout(Duration.ofSeconds(2));
      byte[] request = HttpConnection.request("GET", "/readyz", readiness, Map.of(), "");
      return connection.exchange(request).status() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** Blocks until it listens, ready or not, {@link #START} at most. */
  void awaitListening() throws IOException {
    await(this::listens, "did not listen");
  }

  /** Blocks until it says that it is ready, {@link #START} at most. */
  void awaitReady() throws IOException {
    await(this::isReady, "was not ready");
  }

  private void await(BooleanSupplier arrived, String otherwise) throws IOException {
    long deadline = System.nanoTime() + START.toNanos();
    while (!arrived.getAsBoolean()) {
      if (!isAlive()) {
        throw new IOException(name + " ended when it was started; it said last:\n" + lastWords());
      }
      if (System.nanoTime() > deadline) {
        String words = "%s %s in %d s; it said last:\n%s";
        throw new IOException(words.formatted(name, otherwise, START.toSeconds(), lastWords()));
      }
      Waiting.pause(Duration.ofMillis(20));
    }
  }

  private String lastWords() throws IOException {
    List<String> lines = Files.readAllLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
  }

  /** Whether its output has a line, since it was started for the first time. */
  boolean hasSaid(String line) throws IOException {
    try (Stream<String> lines = Files.lines(log)) {
      return lines.anyMatch(line::equals);
    }
  }

  private boolean listens() {
    try (HttpConnection connection = HttpConnection.open(readiness)) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Ends it for good. */
  void close() {
    kill();
    try {
      Runtime.getRuntime().removeShutdownHook(onExit);
    } catch (IllegalStateException e) {
      // this program is ending already: the hook has run or is running
    }
  }
}
