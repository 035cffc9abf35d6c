package io.kubekv.zookeeper.admin;

import io.kubekv.StoreStatus;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Questions of four letters, which stand where a message's length would, and texts as answers. */
public final class FourLetterWords {
  /** Those that can be answered. */
  public static final Set<String> SERVED =
      Set.of(
          "ruok", "srvr", "stat", "mntr", "conf", "cons", "dump", "wchs", "wchc", "wchp", "isro",
          "envi");

  /** Of ZooKeeper's, those that are told so. */
  private static final Set<String> OTHERS = Set.of("srst", "crst", "dirs", "gtmk", "stmk", "hash");

  private final ServerFigures server;

  public FourLetterWords(ServerFigures server) {
    this.server = server;
  }

  /** What makes the answer, if that is a word; empty when it is a length. */
  public Optional<Supplier<String>> answer(int beginning) {
    String word =
        new String(
            ByteBuffer.allocate(Integer.BYTES).putInt(beginning).array(),
            StandardCharsets.ISO_8859_1);
    if (!SERVED.contains(word) && !OTHERS.contains(word)) {
      return Optional.empty();
    }
    return Optional.of(
        server.answered().contains(word)
            ? () -> said(word)
            : () -> word + " is not executed because it is not in the whitelist.\n");
  }

  private String said(String word) {
    return switch (word) {
      case "ruok" -> server.store().status().ready() ? "imok" : "";
      case "srvr" -> shown();
      case "stat" ->
          "Zookeeper version: "
              + ServerFigures.VERSION
              + "\nClients:\n"
              + clients()
              + "\n"
              + counts();
      case "mntr" -> monitored();
      case "conf" -> configuration();
      case "cons" -> clients() + "\n";
      case "dump" -> dump();
      case "wchs" -> watches();
      case "wchc" -> watchesBySession();
      case "wchp" -> watchesByPath();
      case "isro" -> "rw";
      case "envi" -> "Environment:\nzookeeper.version=" + ServerFigures.VERSION + "\n";
      default -> word + " is not served.\n";
    };
  }

  private String shown() {
    return "Zookeeper version: " + ServerFigures.VERSION + "\n" + counts();
  }

  private String counts() {
    StoreStatus status = server.store().status();
    return "Latency min/avg/max: "
        + server.tally().least()
        + "/"
        + Math.round(server.tally().mean() * 10_000) / 10_000.0
        + "/"
        + server.tally().most()
        + "\nReceived: "
        + server.received()
        + "\nSent: "
        + server.sent()
        + "\nConnections: "
        + server.clients().get().size()
        + "\nOutstanding: "
        + server.outstanding()
        + "\nZxid: 0x"
        + Long.toHexString(status.revision().value())
        + "\nMode: standalone\nNode count: "
        + status.entries()
        + "\n";
  }

  private String monitored() {
    StoreStatus status = server.store().status();
    return "zk_version\t"
        + ServerFigures.VERSION
        + "\nzk_server_state\tstandalone\nzk_packets_received\t"
        + server.received()
        + "\nzk_packets_sent\t"
        + server.sent()
        + "\nzk_num_alive_connections\t"
        + server.clients().get().size()
        + "\nzk_outstanding_requests\t"
        + server.outstanding()
        + "\nzk_znode_count\t"
        + status.entries()
        + "\nzk_watch_count\t"
        + server.watchCount()
        + "\nzk_approximate_data_size\t"
        + status.bytes()
        + "\n";
  }

  private String configuration() {
    long millis = server.tick().toMillis();
    return "tickTime="
        + millis
        + "\nminSessionTimeout="
        + 2 * millis
        + "\nmaxSessionTimeout="
        + 20 * millis
        + "\nserverId=0\n";
  }

  private String clients() {
    return server.clients().get().stream()
        .map(connection -> connection.line() + "\n")
        .collect(Collectors.joining());
  }

  private String dump() {
    return "Sessions of this replica:\n"
        + server.clients().get().stream()
            .filter(connection -> connection.session() != 0)
            .map(connection -> "0x" + Long.toHexString(connection.session()) + "\n")
            .collect(Collectors.joining());
  }

  private String watchesBySession() {
    return server.watched().entrySet().stream()
        .map(
            each ->
                "0x"
                    + Long.toHexString(each.getKey())
                    + "\n\t"
                    + String.join("\n\t", each.getValue())
                    + "\n")
        .collect(Collectors.joining());
  }

  private String watchesByPath() {
    return server.watching().entrySet().stream()
        .map(
            each ->
                each.getKey()
                    + "\n\t"
                    + each.getValue().stream()
                        .map(session -> "0x" + Long.toHexString(session))
                        .collect(Collectors.joining("\n\t"))
                    + "\n")
        .collect(Collectors.joining());
  }

  private String watches() {
    return server.watches().watchers().size()
        + " connections watching "
        + server.watchedPaths()
        + " paths\nTotal watches:"
        + server.watchCount()
        + "\n";
  }
}
