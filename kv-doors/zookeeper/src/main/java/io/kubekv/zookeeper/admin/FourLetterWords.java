package io.kubekv.zookeeper.admin;

import io.kubekv.KeyValueStore;
import io.kubekv.StoreStatus;
import io.kubekv.zookeeper.watch.WatchTable;
import io.kubekv.zookeeper.watch.Watches;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Questions of four letters, which stand where a message's length would, and texts as answers. */
public final class FourLetterWords {
  private static final String VERSION = "3.8.0-kubekv";
  private static final Set<String> KNOWN =
      Set.of(
          "ruok", "srvr", "stat", "mntr", "conf", "cons", "dump", "wchs", "wchc", "wchp", "isro",
          "envi", "srst", "crst", "dirs", "gtmk", "stmk", "hash");

  private final Set<String> answered;
  private final Duration tick;
  private final KeyValueStore store;
  private final Watches watches;
  private final Supplier<List<ClientFigures>> clients;

  /**
   * @param answered of the words that there are
   * @param clients what is shown of each connection
   */
  public FourLetterWords(
      Set<String> answered,
      Duration tick,
      KeyValueStore store,
      Watches watches,
      Supplier<List<ClientFigures>> clients) {
    this.answered = Set.copyOf(answered);
    this.tick = tick;
    this.store = store;
    this.watches = watches;
    this.clients = clients;
  }

  /** What makes the answer, if that is a word; empty when it is a length. */
  public Optional<Supplier<String>> answer(int beginning) {
    String word =
        new String(
            ByteBuffer.allocate(Integer.BYTES).putInt(beginning).array(),
            StandardCharsets.ISO_8859_1);
    if (!KNOWN.contains(word)) {
      return Optional.empty();
    }
    return Optional.of(
        answered.contains(word)
            ? () -> said(word)
            : () -> word + " is not executed because it is not in the whitelist.\n");
  }

  private String said(String word) {
    return switch (word) {
      case "ruok" -> store.status().ready() ? "imok" : "";
      case "srvr" -> server();
      case "stat" -> "Zookeeper version: " + VERSION + "\nClients:\n" + clients() + "\n" + counts();
      case "mntr" -> monitored();
      case "conf" -> configuration();
      case "cons" -> clients() + "\n";
      case "dump" -> dump();
      case "wchs" -> watches();
      case "wchc" -> watchesBySession();
      case "wchp" -> watchesByPath();
      case "isro" -> "rw";
      case "envi" -> "Environment:\nzookeeper.version=" + VERSION + "\n";
      default -> word + " is not served.\n";
    };
  }

  private String server() {
    return "Zookeeper version: " + VERSION + "\n" + counts();
  }

  private String counts() {
    StoreStatus status = store.status();
    return "Latency min/avg/max: 0/0.0/0\nReceived: "
        + received()
        + "\nSent: "
        + sent()
        + "\nConnections: "
        + clients.get().size()
        + "\nOutstanding: "
        + outstanding()
        + "\nZxid: 0x"
        + Long.toHexString(status.revision().value())
        + "\nMode: standalone\nNode count: "
        + status.entries()
        + "\n";
  }

  private long received() {
    return clients.get().stream().mapToLong(ClientFigures::received).sum();
  }

  private long sent() {
    return clients.get().stream().mapToLong(ClientFigures::sent).sum();
  }

  private long outstanding() {
    return clients.get().stream().filter(ClientFigures::busy).count();
  }

  private String monitored() {
    StoreStatus status = store.status();
    return "zk_version\t"
        + VERSION
        + "\nzk_server_state\tstandalone\nzk_packets_received\t"
        + received()
        + "\nzk_packets_sent\t"
        + sent()
        + "\nzk_num_alive_connections\t"
        + clients.get().size()
        + "\nzk_outstanding_requests\t"
        + outstanding()
        + "\nzk_znode_count\t"
        + status.entries()
        + "\nzk_watch_count\t"
        + (watches.data().watches() + watches.children().watches())
        + "\nzk_approximate_data_size\t"
        + status.bytes()
        + "\n";
  }

  private String configuration() {
    long millis = tick.toMillis();
    return "tickTime="
        + millis
        + "\nminSessionTimeout="
        + 2 * millis
        + "\nmaxSessionTimeout="
        + 20 * millis
        + "\nserverId=0\n";
  }

  private String clients() {
    return clients.get().stream()
        .map(connection -> connection.line() + "\n")
        .collect(Collectors.joining());
  }

  private String dump() {
    return "Sessions of this replica:\n"
        + clients.get().stream()
            .filter(connection -> connection.session() != 0)
            .map(connection -> "0x" + Long.toHexString(connection.session()) + "\n")
            .collect(Collectors.joining());
  }

  /** The paths that each session waits for something of. */
  private Map<Long, Set<String>> watched() {
    Map<Long, Set<String>> watched = new TreeMap<>();
    for (WatchTable table : List.of(watches.data(), watches.children())) {
      table
          .byWatcher()
          .forEach(
              (watcher, paths) ->
                  watched
                      .computeIfAbsent(watcher.session(), session -> new TreeSet<>())
                      .addAll(paths));
    }
    return watched;
  }

  private String watchesBySession() {
    return watched().entrySet().stream()
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
    Map<String, List<String>> sessions = new TreeMap<>();
    watched()
        .forEach(
            (session, paths) ->
                paths.forEach(
                    path ->
                        sessions
                            .computeIfAbsent(path, unknown -> new ArrayList<>())
                            .add("0x" + Long.toHexString(session))));
    return sessions.entrySet().stream()
        .map(each -> each.getKey() + "\n\t" + String.join("\n\t", each.getValue()) + "\n")
        .collect(Collectors.joining());
  }

  private String watches() {
    WatchTable data = watches.data();
    WatchTable children = watches.children();
    return watches.watchers().size()
        + " connections watching "
        + watched().values().stream().flatMap(Set::stream).distinct().count()
        + " paths\nTotal watches:"
        + (data.watches() + children.watches())
        + "\n";
  }
}
