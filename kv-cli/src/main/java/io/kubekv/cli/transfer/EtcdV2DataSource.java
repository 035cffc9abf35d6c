package io.kubekv.cli.transfer;

import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.cli.etcdv2file.EtcdV2Snapshot;
import io.kubekv.cli.terminal.FileProblems;
import io.kubekv.export.Item;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * The keys in the data directory of an etcd with the v2 API, or in a backup of one ({@code etcdctl
 * backup}): those of its newest snapshot that is whole. What happened after that snapshot is only
 * in etcd's log, and not moved. Hidden keys are moved, unlike from a live store.
 */
final class EtcdV2DataSource implements Source {
  private static final String SUFFIX = ".snap";

  /** In etcd's own store clients' keys are below {@code /1}, and its members below {@code /0}. */
  private static final String KEYS = "1";

  private final InstantSource clock;
  private final List<String> notes = new ArrayList<>();
  private final JsonNode keys;
  private final long count;

  /**
   * @param place the data directory, its folder of snapshots, or one snapshot file
   * @throws TransferException when there is no snapshot that is whole
   */
  EtcdV2DataSource(Path place, InstantSource clock) {
    this.clock = clock;
    List<Path> files = files(place);
    EtcdV2Snapshot newest =
        files.stream()
            .flatMap(file -> read(file).stream())
            .findFirst()
            .orElseThrow(() -> TransferException.wrong(nothingIn(place, files)));
    this.keys = newest.store().path("Root").path("Children").path(KEYS);
    this.count = count(keys);
    notes.add(
        "This is the snapshot at raft index "
            + newest.index()
            + " (X-Etcd-Index "
            + newest.store().path("CurrentIndex").asLong()
            + "), with "
            + count
            + " keys and directories. What was written after it is only in etcd's log and not"
            + " imported; to have all of it in a snapshot, start that etcd once more with"
            + " --snapshot-count=1, and stop it.");
  }

  /** Whether an import from this place is one from etcd's files. */
  static boolean is(Path place) {
    return Files.isDirectory(place) || place.toString().endsWith(SUFFIX);
  }

  private static String nothingIn(Path place, List<Path> files) {
    return files.isEmpty()
        ? place
            + ": no snapshot of etcd is in it. It writes the first after --snapshot-count changes;"
            + " start that etcd once more with --snapshot-count=1, and stop it"
        : place + ": none of its " + files.size() + " snapshots is whole";
  }

  /** The snapshots, the newest first: etcd names them so. */
  private static List<Path> files(Path place) {
    if (!Files.isDirectory(place)) {
      return List.of(place);
    }
    Path folder =
        Stream.of(place.resolve("member").resolve("snap"), place.resolve("snap"), place)
            .filter(Files::isDirectory)
            .findFirst()
            .orElse(place);
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(SUFFIX))
          .sorted(Comparator.reverseOrder())
          .toList();
    } catch (IOException unreadable) {
      throw TransferException.wrong(
          "cannot read " + folder + ": " + FileProblems.explain(unreadable), unreadable);
    }
  }

  /** Empty, with a note, when the file is not whole. */
  private Optional<EtcdV2Snapshot> read(Path file) {
    try {
      return Optional.of(EtcdV2Snapshot.read(file));
    } catch (IOException broken) {
      notes.add(file + " is passed over: " + FileProblems.explain(broken));
      return Optional.empty();
    }
  }

  private static long count(JsonNode directory) {
    long count = 0;
    for (JsonNode node : directory.path("Children")) {
      count += 1 + count(node);
    }
    return count;
  }

  @Override
  public OptionalLong total() {
    return OptionalLong.of(count);
  }

  @Override
  public List<String> notes() {
    return List.copyOf(notes);
  }

  @Override
  public void each(Consumer<Item> items) {
    below(keys, Optional.empty(), items);
  }

  /**
   * @param over when the time of a directory above was over; all below it went with it
   */
  private void below(JsonNode directory, Optional<Instant> over, Consumer<Item> items) {
    for (JsonNode node : directory.path("Children")) {
      String path = node.required("Path").asString();
      Key key = Key.of(path.substring(path.indexOf('/', 1) + 1));
      boolean isDirectory = node.path("Children").isObject();
      Item item =
          isDirectory
              ? Item.directory(key)
              : Item.of(key, Bytes.utf8(node.path("Value").asString("")));
      Optional<Instant> ends = over.or(() -> ends(node));
      items.accept(ends.map(end -> withEnd(item, end)).orElse(item));
      below(node, ends.filter(end -> !end.isAfter(clock.instant())), items);
    }
  }

  private Item withEnd(Item item, Instant end) {
    return item.withExpiry(Duration.between(clock.instant(), end), end);
  }

  /** Go writes the year 1 where there is no end. */
  private static Optional<Instant> ends(JsonNode node) {
    return Optional.of(node.path("ExpireTime").asString(""))
        .filter(text -> !text.isEmpty())
        .map(text -> OffsetDateTime.parse(text).toInstant())
        .filter(end -> end.isAfter(Instant.EPOCH));
  }
}
