package io.kubekv.e2e.attacks;

import io.kubekv.e2e.HttpConnection;
import io.kubekv.e2e.process.ServerHeap;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** The memory of a Java process: by {@code jcmd}, by its metrics, and as Linux accounts for it. */
final class ProcessMemory {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String DIRECT = "jvm_buffer_memory_used_bytes{id=\"direct\"";

  private ProcessMemory() {}

  static Observed.Memory read(long process, InetSocketAddress operations) throws IOException {
    long peak = peak(process);
    String metrics = metrics(operations);
    long limit =
        metrics
            .lines()
            .filter(line -> line.startsWith("jvm_memory_max_bytes{area=\"heap\""))
            .mapToLong(ProcessMemory::value)
            .max()
            .orElseThrow(() -> new IOException("/metrics does not say how large the heap may be"));
    long direct =
        metrics
            .lines()
            .filter(line -> line.startsWith(DIRECT))
            .mapToLong(ProcessMemory::value)
            .findFirst()
            .orElseThrow(() -> new IOException("/metrics says nothing of " + DIRECT));
    return new Observed.Memory(ServerHeap.liveBytes(process), limit, direct, peak);
  }

  private static long value(String line) {
    return (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
  }

  private static String metrics(InetSocketAddress operations) throws IOException {
    try (HttpConnection connection = HttpConnection.open(operations)) {
      connection.readTimeout(PATIENCE);
      return connection
          .exchange(HttpConnection.request("GET", "/metrics", operations, Map.of(), ""))
          .body();
    }
  }

  /** Since this was asked before; where the system does not let it begin anew, ever. */
  private static long peak(long process) throws IOException {
    long peak = 0;
    for (String line : Files.readAllLines(Path.of("/proc/" + process + "/status"))) {
      if (line.startsWith("VmHWM:")) {
        peak = Long.parseLong(line.replaceAll("\\D", "")) << 10;
      }
    }
    try {
      Files.write(
          Path.of("/proc/" + process + "/clear_refs"), "5".getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      // then it is the peak of its whole life
    }
    return peak;
  }
}
