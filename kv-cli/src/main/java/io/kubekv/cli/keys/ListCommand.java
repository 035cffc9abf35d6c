package io.kubekv.cli.keys;

import io.kubekv.Await;
import io.kubekv.KeyValueStore;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Prefix;
import io.kubekv.Range;
import io.kubekv.cli.connection.StoreCommand;
import io.kubekv.cli.terminal.ExitCodes;
import io.kubekv.cli.terminal.Format;
import io.kubekv.cli.terminal.Json;
import io.kubekv.cli.terminal.TableOptions;
import io.kubekv.cli.terminal.Terminal;
import java.io.PrintStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kubekv list}. */
@Command(
    name = "list",
    description = {
      "Lists the keys that begin with KEY, as one snapshot.",
      "It takes the words of get and watch; --prefix is what it does anyway. -o value prints the"
          + " keys alone."
    })
public final class ListCommand extends StoreCommand {
  @Parameters(arity = "0..1", paramLabel = "KEY", description = "What they begin with (every key).")
  String key = "";

  @Mixin RangeOptions range = new RangeOptions();

  @Option(names = "--level", description = "One level: cut keys behind the next slash.")
  boolean level;

  @Mixin RevisionOption at = new RevisionOption();
  @Mixin TableOptions output = new TableOptions(Format.TABLE);

  public ListCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected int run(KeyValueStore store) {
    Range wanted = range.isOne() ? new Range.WithPrefix(new Prefix(key)) : range.of(key);
    ListRequest request = level ? ListRequest.oneLevel(wanted) : ListRequest.of(wanted);
    Listing listing = Await.read(store.list(request, at.freshness()));
    print(listing);
    boolean isEmpty = listing.entries().isEmpty() && listing.prefixes().isEmpty();
    if (isEmpty && !Slash.hint(key).isEmpty()) {
      terminal.say(Slash.hint(key));
    }
    return ExitCodes.DONE;
  }

  private void print(Listing listing) {
    PrintStream out = terminal.out();
    switch (output.kind()) {
      case VALUE -> {
        listing.prefixes().forEach(out::println);
        listing.entries().forEach(entry -> out.println(entry.key()));
      }
      case NODE -> {
        listing
            .prefixes()
            .forEach(each -> output.print(out, Json.object().put("prefix", each.text())));
        listing.entries().forEach(entry -> output.print(out, Json.entry(entry)));
      }
      case TABLE -> Entries.table(out, output, listing);
    }
  }
}
