package io.kubekv.cli.keys;

import io.kubekv.Await;
import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRequest;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.Precondition;
import io.kubekv.RangeDeleted;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.cli.connection.StoreCommand;
import io.kubekv.cli.terminal.ExitCodes;
import io.kubekv.cli.terminal.Format;
import io.kubekv.cli.terminal.Json;
import io.kubekv.cli.terminal.OutputOptions;
import io.kubekv.cli.terminal.Refusals;
import io.kubekv.cli.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kubekv delete}. */
@Command(
    name = "delete",
    description =
        "Deletes a key and prints the revision of the change; with --prefix or --tree, deletes many"
            + " and prints how many.")
public final class DeleteCommand extends StoreCommand {
  @Parameters(paramLabel = "KEY", description = "The key.")
  String key = "";

  @Option(names = "--all", description = "Allow an empty KEY with --prefix: every key.")
  boolean all;

  @Mixin OutputOptions output = new OutputOptions(Format.VALUE);

  @Mixin RangeOptions range = new RangeOptions();
  @Mixin Conditions conditions = new Conditions();

  public DeleteCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected int run(KeyValueStore store) {
    return range.isOne() ? one(store) : many(store);
  }

  private int one(KeyValueStore store) {
    DeleteRequest request =
        DeleteRequest.of(Key.of(key)).withPrecondition(conditions.precondition());
    return switch (Await.change(store.delete(request))) {
      case DeleteOutcome.Deleted deleted -> done(deleted.revision(), 1, deleted.revision());
      case Refused refused -> Refusals.report(terminal, output, key, refused);
    };
  }

  private int many(KeyValueStore store) {
    if (!conditions.precondition().equals(Precondition.NONE)) {
      throw new IllegalArgumentException("conditions are for one key, not for --prefix or --tree");
    }
    if (key.isEmpty() && !all) {
      throw new IllegalArgumentException("an empty prefix means every key: say --all as well");
    }
    RangeDeleted deleted = Await.change(store.deleteRange(range.of(key)));
    return done(deleted.count(), deleted.count(), deleted.revision());
  }

  private int done(Object shown, long count, Revision revision) {
    if (output.kind() == Format.Kind.NODE) {
      var node = Json.object().put("deleted", count);
      Json.revision(node, "revision", revision);
      output.print(terminal.out(), node);
    } else {
      terminal.out().println(shown);
    }
    return ExitCodes.DONE;
  }
}
