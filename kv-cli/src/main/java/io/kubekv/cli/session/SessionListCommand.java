package io.kubekv.cli.session;

import io.kubekv.Await;
import io.kubekv.Freshness;
import io.kubekv.KeyValueStore;
import io.kubekv.Session;
import io.kubekv.cli.connection.StoreCommand;
import io.kubekv.cli.terminal.ExitCodes;
import io.kubekv.cli.terminal.Format;
import io.kubekv.cli.terminal.TableOptions;
import io.kubekv.cli.terminal.Terminal;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code kubekv session list}. */
@Command(name = "list", description = "Lists the sessions that live.")
public final class SessionListCommand extends StoreCommand {
  @Mixin TableOptions output = new TableOptions(Format.TABLE);

  public SessionListCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected int run(KeyValueStore store) {
    List<Session> sessions = Await.read(store.sessions().list(Freshness.LINEARIZABLE)).sessions();
    if (output.kind() == Format.Kind.TABLE) {
      SessionTexts.table(terminal, output, sessions);
    } else {
      sessions.forEach(session -> SessionTexts.print(terminal, output, session));
    }
    return ExitCodes.DONE;
  }
}
