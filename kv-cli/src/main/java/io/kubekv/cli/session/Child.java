package io.kubekv.cli.session;

import io.kubekv.cli.terminal.Durations;
import io.kubekv.cli.terminal.ExitCodes;
import io.kubekv.cli.terminal.Signals;
import io.kubekv.cli.terminal.Terminal;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The command that runs under a lock: it has our streams, and gets our signals. */
final class Child {
  private static final int NOT_FOUND = 127;
  private static final Map<String, Integer> SIGNALS = Map.of("HUP", 1, "INT", 2, "TERM", 15);

  private final List<String> command;
  private final Duration grace;
  private final Terminal terminal;
  private @Nullable Process process;
  private volatile int signal;

  Child(List<String> command, Duration grace, Terminal terminal) {
    this.command = command;
    this.grace = grace;
    this.terminal = terminal;
  }

  /** 0, or the exit code that a shell has for a command that it does not find or cannot run. */
  int whyNotRunnable() {
    String program = command.getFirst();
    List<Path> places =
        program.contains("/")
            ? List.of(Path.of(program))
            : List.of(
                    terminal
                        .environment()
                        .getOrDefault("PATH", systemPath())
                        .split(File.pathSeparator))
                .stream()
                .map(folder -> Path.of(folder, program))
                .toList();
    if (places.stream()
        .anyMatch(place -> Files.isRegularFile(place) && Files.isExecutable(place))) {
      return ExitCodes.DONE;
    }
    return places.stream().anyMatch(Files::exists) ? ExitCodes.CANNOT_RUN : NOT_FOUND;
  }

  private static String systemPath() {
    return System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
  }

  /** From now on signals go to the command, or end the wait for its turn. */
  void passSignals() {
    Thread waiting = Thread.currentThread();
    SIGNALS.keySet().forEach(name -> Signals.handle(name, given -> pass(given, waiting)));
  }

  private synchronized void pass(String name, Thread waiting) {
    Process running = process;
    signal = SIGNALS.getOrDefault(name, 0);
    if (running == null) {
      waiting.interrupt();
    } else if (!name.equals("INT") || !terminal.inIsPerson()) {
      send(name, running);
    }
  }

  private void send(String name, Process running) {
    try {
      new ProcessBuilder("kill", "-" + name, String.valueOf(running.pid())).inheritIO().start();
    } catch (IOException noKill) {
      running.destroy();
    }
  }

  /** What a shell would say of a wait that a signal ended. */
  int exitCodeOfSignal() {
    return 128 + signal;
  }

  /** Runs it to its end. */
  int run(Map<String, String> more, CompletableFuture<String> lost, LockCommand.OnLost onLost)
      throws InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    builder.environment().putAll(more);
    Process running;
    try {
      running = start(builder);
    } catch (IOException failure) {
      terminal.say(String.valueOf(failure.getMessage()));
      return ExitCodes.CANNOT_RUN;
    }
    CompletableFuture.anyOf(running.onExit(), lost).join();
    if (running.isAlive()) {
      terminal.say("the lock was lost: " + lost.join());
      if (onLost == LockCommand.OnLost.KILL) {
        end(running);
        return ExitCodes.LOCK_LOST;
      }
    }
    return running.waitFor();
  }

  /** A signal comes before this, and nothing is run, or after it, and the command gets it. */
  private synchronized Process start(ProcessBuilder builder)
      throws IOException, InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("stopped before the command ran");
    }
    Process running = builder.start();
    process = running;
    return running;
  }

  private void end(Process running) throws InterruptedException {
    running.destroy();
    if (!running.waitFor(grace.toNanos(), TimeUnit.NANOSECONDS)) {
      terminal.say("the command did not end within " + Durations.print(grace) + ", and is killed");
      running.destroyForcibly().waitFor();
    }
  }
}
