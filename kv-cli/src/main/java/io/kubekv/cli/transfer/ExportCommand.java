package io.kubekv.cli.transfer;

import io.kubekv.Await;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.KeyValueStore;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Prefix;
import io.kubekv.Range;
import io.kubekv.cli.connection.StoreCommand;
import io.kubekv.cli.terminal.ExitCodes;
import io.kubekv.cli.terminal.FileProblems;
import io.kubekv.cli.terminal.Progress;
import io.kubekv.cli.terminal.Terminal;
import io.kubekv.export.ExportFile;
import io.kubekv.export.Item;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.OptionalLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kubekv export}. */
@Command(
    name = "export",
    description = {
      "Writes all keys, as they are at one revision, to a file for kubekv import.",
      "The file appears under its name only when it is whole and was read back; it is never half"
          + " written. It has JSON lines with values (base64 where they are not text), flags, times"
          + " to live, directories and the access lists of ZooKeeper's nodes, and a checksum."
          + " Sessions are not in it: keys that are attached to one are written without it, and do"
          + " not end with it where they are imported."
    })
public final class ExportCommand extends StoreCommand {
  private static final Duration LISTING = Duration.ofMinutes(10);

  @Parameters(paramLabel = "FILE", description = "The file, or - for standard output.")
  String file = "";

  @Option(
      names = "--prefix",
      paramLabel = "TEXT",
      description = "Only the keys that begin with it (every key).")
  String prefix = "";

  @Option(names = "--overwrite", description = "Replace a file of this name.")
  boolean overwrite;

  public ExportCommand(Terminal terminal) {
    super(terminal);
  }

  /** One call lists the whole store. */
  @Override
  protected Duration callTimeout() {
    boolean longer = timeout().compareTo(LISTING) > 0;
    return longer ? timeout() : LISTING;
  }

  @Override
  protected int run(KeyValueStore store) {
    try {
      return file.equals("-") ? toStandardOutput(store) : toFile(store, Path.of(file));
    } catch (TransferException failure) {
      terminal.say(String.valueOf(failure.getMessage()));
      return failure.exitCode();
    } catch (IOException failure) {
      terminal.say("cannot write " + file + ": " + FileProblems.explain(failure));
      return ExitCodes.REFUSED;
    }
  }

  private int toStandardOutput(KeyValueStore store) throws IOException {
    var unused = write(store, new BufferedOutputStream(terminal.out()));
    return ExitCodes.DONE;
  }

  private int toFile(KeyValueStore store, Path target) throws IOException {
    if (Files.isDirectory(target)) {
      throw TransferException.wrong(target + " is a folder: name a file in it");
    }
    if (Files.exists(target) && !overwrite) {
      throw TransferException.wrong(target + " exists: say --overwrite to replace it");
    }
    Path partial = target.resolveSibling(target.getFileName() + ".partial");
    try {
      ExportFile.Summary written;
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(partial))) {
        written = write(store, out);
      }
      sync(partial);
      if (!FileSource.check(partial).equals(written)) {
        throw TransferException.wrong(partial + " holds something else than was written");
      }
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
      terminal.out().println(written.entries() + " keys in " + target);
      return ExitCodes.DONE;
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  private static void sync(Path written) throws IOException {
    try (FileChannel channel = FileChannel.open(written, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  private ExportFile.Summary write(KeyValueStore store, OutputStream out) throws IOException {
    Range range = new Range.WithPrefix(new Prefix(prefix));
    Listing listing = Await.read(store.list(ListRequest.of(range), Freshness.LINEARIZABLE));
    Progress progress = new Progress(terminal, OptionalLong.of(listing.entries().size()));
    ExportFile.Writer writer = new ExportFile.Writer(out, store.id(), listing.revision());
    for (Entry entry : listing.entries()) {
      writer.add(Item.of(entry));
      progress.one();
    }
    progress.end();
    long attached = listing.entries().stream().filter(e -> e.attachedTo().isPresent()).count();
    if (attached > 0) {
      terminal.say(
          attached
              + " of the keys are attached to sessions, which are not exported: where they are"
              + " imported they end with none");
    }
    return writer.finish();
  }
}
