package io.kubekv.e2e.process;

import io.kubekv.e2e.StoreProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * The live objects on a Java program's heap, whatever its collector: {@code jcmd
 * GC.class_histogram} makes a full collection and counts what is left.
 */
public final class ServerHeap {
  private ServerHeap() {}

  public static long liveBytes(StoreProcess store) throws IOException {
    return liveBytes(store.server().pid());
  }

  /** Of the process of this number. */
  public static long liveBytes(long pid) throws IOException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Process process =
        new ProcessBuilder(jcmd.toString(), Long.toString(pid), "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .toList();
    String total = lines.isEmpty() ? "" : lines.getLast().strip();
    if (!total.startsWith("Total")) {
      throw new IOException(
          "jcmd does not count the heap: "
              + String.join("\n", lines.subList(0, Math.min(5, lines.size()))));
    }
    return Long.parseLong(total.split("\\s+")[2]);
  }
}
