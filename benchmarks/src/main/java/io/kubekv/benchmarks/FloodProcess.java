package io.kubekv.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A {@link Flood} in a process of its own, which has only what the others leave of the processors:
 * a client's programs run elsewhere, and what is measured is the server.
 */
final class FloodProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader said;

  /** Begins; returns when it has begun. */
  FloodProcess(Flood.Kind kind, InetSocketAddress store) throws IOException {
    String java = ProcessHandle.current().info().command().orElse("java");
    process =
        new ProcessBuilder(
                List.of(
                    "nice",
                    "-n",
                    "19",
                    java,
                    "-Xmx512m",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Flood.class.getName(),
                    "--kind",
                    kind.name(),
                    "--host",
                    store.getAddress().getHostAddress(),
                    "--port",
                    Integer.toString(store.getPort())))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    said = process.inputReader(StandardCharsets.UTF_8);
    line();
  }

  /** Ends it; how often it was answered. */
  long end() throws IOException {
    process.outputWriter(StandardCharsets.UTF_8).close();
    return Long.parseLong(line());
  }

  private String line() throws IOException {
    String line = said.readLine();
    if (line == null) {
      throw new IOException("the flood has ended by itself; what it said is above");
    }
    return line;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
