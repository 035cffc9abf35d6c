package io.kubekv.cli;

import io.kubekv.Await;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Prefix;
import io.kubekv.Range;
import java.io.PrintStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kubekv list}. */
@Command(name = "list", description = "Lists the keys that begin with PREFIX, as one snapshot.")
final class ListCommand extends StoreCommand {
  @Parameters(arity = "0..1", paramLabel = "PREFIX", description = "The prefix (every key).")
  String prefix = "";

  @Option(names = "--tree", description = "The key PREFIX and everything below it: PREFIX/...")
  boolean tree;

  @Option(names = "--level", description = "One level: cut keys behind the next slash.")
  boolean level;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "value (only the keys), json or table (table).")
  Format format = Format.TABLE;

  ListCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  int run(KeyValueStore store) {
    Range range = tree ? new Range.Tree(Key.of(prefix)) : new Range.WithPrefix(new Prefix(prefix));
    ListRequest request = level ? ListRequest.oneLevel(range) : ListRequest.of(range);
    print(Await.read(store.list(request, Freshness.LINEARIZABLE)));
    return ExitCodes.DONE;
  }

  private void print(Listing listing) {
    PrintStream out = terminal.out();
    switch (format) {
      case VALUE -> {
        listing.prefixes().forEach(out::println);
        listing.entries().forEach(entry -> out.println(entry.key()));
      }
      case JSON -> {
        listing
            .prefixes()
            .forEach(each -> out.println(Json.line(Json.object().put("prefix", each.text()))));
        listing.entries().forEach(entry -> out.println(Json.line(Json.entry(entry))));
      }
      case TABLE -> {
        listing.prefixes().forEach(each -> out.println(Texts.line(each.text())));
        Entries.table(out, listing.entries());
      }
    }
  }
}
