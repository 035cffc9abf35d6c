package io.kubekv.cli.keys;

import io.kubekv.Await;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.ListRequest;
import io.kubekv.cli.connection.StoreCommand;
import io.kubekv.cli.terminal.ExitCodes;
import io.kubekv.cli.terminal.Format;
import io.kubekv.cli.terminal.Json;
import io.kubekv.cli.terminal.TableOptions;
import io.kubekv.cli.terminal.Terminal;
import io.kubekv.cli.terminal.Texts;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code kubekv get}. */
@Command(
    name = "get",
    description = {
      "Prints the value of a key: its bytes as they are.",
      "With --prefix or --tree, of many: the key and below it its value, a line each."
    })
public final class GetCommand extends StoreCommand {
  @Parameters(paramLabel = "KEY", description = "The key.")
  String key = "";

  @Mixin RangeOptions range = new RangeOptions();
  @Mixin RevisionOption at = new RevisionOption();
  @Mixin TableOptions output = new TableOptions(Format.VALUE);

  public GetCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected int run(KeyValueStore store) {
    return range.isOne() ? one(store, at.freshness()) : many(store, at.freshness());
  }

  private int one(KeyValueStore store, Freshness freshness) {
    Optional<Entry> entry = Await.read(store.get(Key.of(key), freshness)).entry();
    if (entry.isEmpty()) {
      terminal.say(Texts.line(key) + ": no such key" + Slash.hint(store, key, freshness));
      return ExitCodes.REFUSED;
    }
    print(entry.get());
    return ExitCodes.DONE;
  }

  private void print(Entry entry) {
    switch (output.kind()) {
      case VALUE -> {
        terminal.out().writeBytes(entry.value().toArray());
        if (terminal.outIsPerson()) {
          terminal.out().println();
        }
      }
      case NODE -> output.print(terminal.out(), Json.entry(entry));
      case TABLE -> Entries.table(terminal.out(), output, List.of(entry));
    }
  }

  private int many(KeyValueStore store, Freshness freshness) {
    List<Entry> entries =
        Await.read(store.list(ListRequest.of(range.of(key)), freshness)).entries();
    PrintStream out = terminal.out();
    switch (output.kind()) {
      case VALUE ->
          entries.forEach(
              entry -> {
                out.println(entry.key());
                out.writeBytes(entry.value().toArray());
                out.println();
              });
      case NODE -> entries.forEach(entry -> output.print(out, Json.entry(entry)));
      case TABLE -> Entries.table(out, output, entries);
    }
    if (entries.isEmpty() && !Slash.hint(key).isEmpty()) {
      terminal.say(Slash.hint(key));
    }
    return ExitCodes.DONE;
  }
}
