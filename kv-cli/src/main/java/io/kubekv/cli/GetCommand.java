package io.kubekv.cli;

import io.kubekv.Await;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kubekv get}. */
@Command(name = "get", description = "Prints the value of a key: its bytes as they are.")
final class GetCommand extends StoreCommand {
  @Parameters(paramLabel = "KEY", description = "The key.")
  String key = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "value, json or table (value).")
  Format format = Format.VALUE;

  GetCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  int run(KeyValueStore store) {
    Optional<Entry> entry = Await.read(store.get(Key.of(key), Freshness.LINEARIZABLE)).entry();
    if (entry.isEmpty()) {
      terminal.say(Texts.line(key) + ": no such key");
      return ExitCodes.REFUSED;
    }
    print(entry.get());
    return ExitCodes.DONE;
  }

  private void print(Entry entry) {
    switch (format) {
      case VALUE -> {
        terminal.out().writeBytes(entry.value().toArray());
        if (terminal.outIsPerson()) {
          terminal.out().println();
        }
      }
      case JSON -> terminal.out().println(Json.line(Json.entry(entry)));
      case TABLE -> Entries.table(terminal.out(), List.of(entry));
    }
  }
}
