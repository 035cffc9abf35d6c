package io.kubekv.cli.transfer;

import io.kubekv.KeyValueStore;
import io.kubekv.Kind;
import io.kubekv.cli.connection.StoreCommand;
import io.kubekv.cli.terminal.ExitCodes;
import io.kubekv.cli.terminal.Format;
import io.kubekv.cli.terminal.Json;
import io.kubekv.cli.terminal.OutputOptions;
import io.kubekv.cli.terminal.Progress;
import io.kubekv.cli.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** {@code kubekv import}. */
@Command(
    name = "import",
    description = {
      "Puts the keys of a file that kubekv export made, of a live store or of an etcd v2 data"
          + " directory into the server's store, and reads back what it wrote.",
      "A file is checked as a whole before anything is written. A key that is there already is left"
          + " alone: an import that was interrupted goes on when it is repeated, and a key that"
          + " differs is kept and named (exit code 1) unless --overwrite. Times to live go on with"
          + " what is left of them; keys whose time is over are left out. Locks are not moved.",
      "Of an etcd v2 data directory the newest snapshot is taken that is whole. What etcd wrote after"
          + " it is only in its log and not imported: start that etcd once with --snapshot-count=1,"
          + " and stop it, to have everything in a snapshot.",
      "It prints how many keys it has written, how many were there already, how many it kept because"
          + " they differ, how many had expired, how many the store refused, and how many somebody"
          + " else has changed since it wrote them."
    })
public final class ImportCommand extends StoreCommand {
  @Parameters(
      paramLabel = "SOURCE",
      description =
          "A file, - for standard input, etcd2://HOST:PORT, etcd3://HOST:PORT,"
              + " consul://HOST:PORT, or the data directory or backup of an etcd with the v2 API"
              + " (or one .snap file of it).")
  String source = "";

  @Option(
      names = "--prefix",
      paramLabel = "TEXT",
      description = "Only the keys that begin with it (every key).")
  String prefix = "";

  @Option(names = "--overwrite", description = "Replace keys that are there and differ.")
  boolean overwrite;

  @Option(names = "--full-ttl", description = "Start times to live anew.")
  boolean fullTimeToLive;

  @Mixin OutputOptions output = new OutputOptions(Format.TABLE);

  public ImportCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected int run(KeyValueStore store) throws IOException, InterruptedException {
    try {
      return source.equals("-") ? fromStandardInput(store) : from(source, store);
    } catch (TransferException failure) {
      terminal.say(String.valueOf(failure.getMessage()));
      return failure.exitCode();
    }
  }

  /** What comes is kept in a file first, because nothing is written before all of it is checked. */
  private int fromStandardInput(KeyValueStore store) throws IOException, InterruptedException {
    Path file = Files.createTempFile("kubekv-import", ".jsonl");
    try {
      Files.copy(terminal.in(), file, StandardCopyOption.REPLACE_EXISTING);
      return from(file.toString(), store);
    } finally {
      Files.delete(file);
    }
  }

  private int from(String address, KeyValueStore store) throws InterruptedException {
    InstantSource clock = InstantSource.system();
    Source items = Source.of(address, clock);
    items.notes().forEach(terminal::say);
    Importer importer = new Importer(store, terminal, clock, timeout(), overwrite, fullTimeToLive);
    Progress progress = new Progress(terminal, items.total());
    Crew crew = new Crew(importer, progress);
    try (crew) {
      items.each(
          item -> {
            if (item.key().text().startsWith(prefix)) {
              if (item.kind() == Kind.DIRECTORY) {
                crew.settle(item);
              } else {
                crew.handOn(item);
              }
            }
          });
      crew.finish();
    } finally {
      progress.end();
    }
    return report(crew);
  }

  private int report(Crew crew) {
    List<Importer.Result> results = Arrays.asList(Importer.Result.values());
    if (output.kind() == Format.Kind.NODE) {
      ObjectNode node = Json.object();
      results.forEach(result -> node.put(name(result), crew.count(result)));
      output.print(terminal.out(), node);
    } else {
      terminal
          .out()
          .println(
              results.stream()
                  .map(result -> name(result).replace('_', ' ') + " " + crew.count(result))
                  .collect(Collectors.joining(", ")));
    }
    long left = crew.count(Importer.Result.KEPT) + crew.count(Importer.Result.REFUSED);
    return left == 0 ? ExitCodes.DONE : ExitCodes.REFUSED;
  }

  private static String name(Importer.Result result) {
    return result.name().toLowerCase(Locale.ROOT);
  }
}
