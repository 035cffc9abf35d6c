package io.kubekv.zookeeper.admin;

import io.kubekv.KeyValueStore;
import io.kubekv.zookeeper.watch.WatchTable;
import io.kubekv.zookeeper.watch.Watches;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What is shown of a door. Used on the event loop alone.
 *
 * @param answered the words that are answered; immutable
 * @param clients what is shown of each connection
 * @param tally of all answers
 * @param started when the door was opened, by {@code millis}
 * @param millis the day's clock
 */
public record ServerFigures(
    Set<String> answered,
    Duration tick,
    KeyValueStore store,
    Watches watches,
    Supplier<List<ClientFigures>> clients,
    Tally tally,
    long started,
    LongSupplier millis) {
  static final String VERSION = "3.8.0-kubekv";

  public ServerFigures {
    answered = Set.copyOf(answered);
  }

  long uptime() {
    return millis.getAsLong() - started;
  }

  long received() {
    return clients.get().stream().mapToLong(ClientFigures::received).sum();
  }

  long sent() {
    return clients.get().stream().mapToLong(ClientFigures::sent).sum();
  }

  long outstanding() {
    return clients.get().stream().filter(ClientFigures::busy).count();
  }

  /** The paths that each session waits for something of. */
  Map<Long, Set<String>> watched() {
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

  /** The sessions that wait for something of each path. */
  Map<String, List<Long>> watching() {
    Map<String, List<Long>> watching = new TreeMap<>();
    watched()
        .forEach(
            (session, paths) ->
                paths.forEach(
                    path ->
                        watching.computeIfAbsent(path, none -> new ArrayList<>()).add(session)));
    return watching;
  }

  int watchedPaths() {
    Set<String> paths = new HashSet<>();
    watched().values().forEach(paths::addAll);
    return paths.size();
  }

  int watchCount() {
    return watches.data().watches() + watches.children().watches();
  }
}
