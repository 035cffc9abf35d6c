package io.kubekv.e2e.process;

import io.kubekv.e2e.HttpConnection;
import io.kubekv.e2e.StoreProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.stream.Stream;

/** What the store says about itself on its operations port. */
public final class ServerGauges {
  private final InetSocketAddress operations;

  public ServerGauges(StoreProcess store) {
    this(store.operations());
  }

  /** Where a server shows its metrics in Prometheus' format, below {@code /metrics}. */
  public ServerGauges(InetSocketAddress operations) {
    this.operations = operations;
  }

  /**
   * The value of a metric; of one with labels the sum over those that have all of these.
   *
   * @param labels as {@code verb="get"}
   */
  public double value(String name, String... labels) throws IOException {
    String text;
    try (HttpConnection connection = HttpConnection.open(operations)) {
      text =
          connection
              .exchange(HttpConnection.request("GET", "/metrics", operations, Map.of(), ""))
              .body();
    }
    double sum = 0;
    boolean found = false;
    for (String line : text.lines().toList()) {
      if ((line.startsWith(name + " ") || line.startsWith(name + "{"))
          && Stream.of(labels).allMatch(line::contains)) {
        found = true;
        sum += Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
      }
    }
    if (!found) {
      throw new IOException("the store has no metric " + name + " " + String.join(" ", labels));
    }
    return sum;
  }
}
