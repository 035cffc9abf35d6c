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
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code kubekv session show}. */
@Command(name = "show", description = "Shows a session that lives.")
public final class SessionShowCommand extends StoreCommand {
  @Parameters(paramLabel = "ID", description = "The session's id.")
  String id = "";

  @Mixin TableOptions output = new TableOptions(Format.TABLE);

  public SessionShowCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected int run(KeyValueStore store) {
    Optional<Session> session =
        Await.read(store.sessions().get(SessionTexts.parse(id), Freshness.LINEARIZABLE)).session();
    session.ifPresent(each -> SessionTexts.print(terminal, output, each));
    return session.isPresent() ? ExitCodes.DONE : SessionTexts.missing(terminal, id);
  }
}
