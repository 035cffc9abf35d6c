package io.kubekv.cli;

import io.kubekv.Await;
import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRequest;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.Precondition;
import io.kubekv.RangeDeleted;
import io.kubekv.Refused;
import io.kubekv.Revision;
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
final class DeleteCommand extends StoreCommand {
  @Parameters(paramLabel = "KEY", description = "The key.")
  String key = "";

  @Option(names = "--all", description = "Allow an empty KEY with --prefix: every key.")
  boolean all;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "value or json (value).")
  Format format = Format.VALUE;

  @Mixin RangeOptions range = new RangeOptions();
  @Mixin Conditions conditions = new Conditions();

  DeleteCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  int run(KeyValueStore store) {
    return range.isOne() ? one(store) : many(store);
  }

  private int one(KeyValueStore store) {
    DeleteRequest request =
        DeleteRequest.of(Key.of(key)).withPrecondition(conditions.precondition());
    return switch (Await.change(store.delete(request))) {
      case DeleteOutcome.Deleted deleted -> done(deleted.revision(), 1, deleted.revision());
      case Refused refused -> Refusals.report(terminal, format, key, refused);
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
    if (format == Format.JSON) {
      var node = Json.object().put("deleted", count);
      Json.revision(node, "revision", revision);
      terminal.out().println(Json.line(node));
    } else {
      terminal.out().println(shown);
    }
    return ExitCodes.DONE;
  }
}
