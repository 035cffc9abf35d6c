package io.kubekv.cli.inspect;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.ListRequest;
import io.kubekv.PermissionDeniedException;
import io.kubekv.Prefix;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionRequest;
import io.kubekv.cli.connection.StoreCommand;
import io.kubekv.cli.terminal.ExitCodes;
import io.kubekv.cli.terminal.HelpOption;
import io.kubekv.cli.terminal.Terminal;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kubekv auth}: the verb below it. */
@Command(name = "auth", description = "Asks what one may do.", synopsisSubcommandLabel = "COMMAND")
public final class AuthCommand {
  @Mixin HelpOption help = new HelpOption();

  /** What one may be allowed to do. */
  enum Verb {
    GET,
    PUT,
    DELETE
  }

  /** {@code kubekv auth can-i}. */
  @Command(
      name = "can-i",
      description = {
        "Says yes, or no and exit code 1: whether the server would let us do this. Nothing is done.",
        "The rights are those of the grants: who may get may list and watch, too."
      })
  public static final class CanICommand extends StoreCommand {
    @Parameters(index = "0", paramLabel = "VERB", description = "get, put or delete.")
    Verb verb = Verb.GET;

    @Parameters(index = "1", paramLabel = "KEY", description = "The key.")
    String key = "";

    @Option(names = "--prefix", description = "All keys that begin with KEY (not for put).")
    boolean prefix;

    public CanICommand(Terminal terminal) {
      super(terminal);
    }

    @Override
    protected int run(KeyValueStore store) {
      // the side of a choice that is not done needs its rights all the same
      TransactionRequest asked =
          TransactionRequest.of(
              new TransactionOperation.Choice(List.of(), List.of(), List.of(operation())));
      try {
        var unused = Await.change(store.transact(asked));
        terminal.out().println("yes");
        return ExitCodes.DONE;
      } catch (PermissionDeniedException denied) {
        terminal.out().println("no");
        terminal.say(String.valueOf(denied.getMessage()));
        return ExitCodes.REFUSED;
      }
    }

    private TransactionOperation operation() {
      if (prefix && verb == Verb.PUT) {
        throw new IllegalArgumentException("a put is of one key: leave out --prefix");
      }
      Range range = prefix ? new Range.WithPrefix(new Prefix(key)) : new Range.Exact(Key.of(key));
      return switch (verb) {
        case GET -> new TransactionOperation.ListRange(ListRequest.of(range).withLimit(1));
        case PUT -> new TransactionOperation.Put(PutRequest.of(Key.of(key), Bytes.EMPTY));
        case DELETE -> new TransactionOperation.DeleteRange(range);
      };
    }
  }

  /** With the verb below it. */
  public static CommandLine line(CommandLine canI) {
    return new CommandLine(new AuthCommand()).addSubcommand(canI);
  }
}
