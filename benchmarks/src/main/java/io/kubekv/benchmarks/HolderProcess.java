package io.kubekv.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A {@link WatchHolder} in a process of its own. */
public final class HolderProcess implements AutoCloseable {
  private final Process process;
  private final Writer commands;
  private final BufferedReader answers;

  private HolderProcess(Process process) {
    this.process = process;
    this.commands = process.outputWriter(StandardCharsets.UTF_8);
    this.answers = process.inputReader(StandardCharsets.UTF_8);
  }

  /**
   * A holder of locks at a store.
   *
   * @param store where it speaks the protocol
   */
  public static HolderProcess against(InetSocketAddress store, Watching watching)
      throws IOException {
    String java = ProcessHandle.current().info().command().orElse("java");
    String host = store.getAddress().getHostAddress();
    String port = Integer.toString(store.getPort());
    List<String> command =
        List.of(
            java,
            "-cp",
            System.getProperty("java.class.path"),
            WatchHolder.class.getName(),
            host,
            port,
            watching.name());
    return new HolderProcess(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** Sends a command and blocks until it is answered. */
  public String ask(String command) throws IOException {
    send(command);
    return answer();
  }

  /** Sends a command, whose answer is to be fetched before the next one is sent. */
  void send(String command) throws IOException {
    commands.write(command + "\n");
    commands.flush();
  }

  /** Blocks until the command that was sent is answered. */
  String answer() throws IOException {
    String answer = answers.readLine();
    if (answer == null) {
      throw new IOException("the process that holds the watches has ended; what it said is above");
    }
    return answer;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
