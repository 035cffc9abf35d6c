package io.kubekv.cli.transfer;

import io.kubekv.cli.terminal.FileProblems;
import io.kubekv.etcdv2file.EtcdV2FileException;
import io.kubekv.etcdv2file.EtcdV2Keys;
import io.kubekv.etcdv2file.EtcdV2Snapshot;
import io.kubekv.export.Item;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The keys in the data directory of an etcd with the v2 API, or in a backup of one ({@code etcdctl
 * backup}): those of its newest snapshot that is whole. What happened after that snapshot is only
 * in etcd's log, and not moved. Hidden keys are moved, unlike from a live store.
 */
final class EtcdV2DataSource implements Source {
  private static final String SUFFIX = ".snap";

  private final Path place;
  private final InstantSource clock;
  private final List<String> notes = new ArrayList<>();
  private final EtcdV2Keys keys;

  /**
   * @param place the data directory, its folder of snapshots, or one snapshot file
   * @throws TransferException when there is no snapshot that is whole
   */
  EtcdV2DataSource(Path place, InstantSource clock) {
    this.place = place;
    this.clock = clock;
    List<Path> files = files(place);
    EtcdV2Snapshot newest =
        files.stream()
            .flatMap(file -> read(file).stream())
            .findFirst()
            .orElseThrow(() -> TransferException.wrong(nothingIn(place, files)));
    this.keys = new EtcdV2Keys(newest);
    notes.add(keys.note());
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

  @Override
  public OptionalLong total() {
    return OptionalLong.of(keys.count());
  }

  @Override
  public List<String> notes() {
    return List.copyOf(notes);
  }

  @Override
  public void each(Consumer<Item> items) {
    try {
      keys.each(clock.instant(), items);
    } catch (EtcdV2FileException wrong) {
      throw TransferException.wrong(place + ": " + wrong.getMessage(), wrong);
    }
  }
}
