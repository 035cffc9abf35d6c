package io.kubekv.cli.session;

import io.kubekv.Await;
import io.kubekv.KeyValueStore;
import io.kubekv.Session;
import io.kubekv.cli.connection.StoreCommand;
import io.kubekv.cli.terminal.ExitCodes;
import io.kubekv.cli.terminal.Terminal;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code kubekv session renew}. */
@Command(name = "renew", description = "Starts a session's time to live anew.")
public final class SessionRenewCommand extends StoreCommand {
  @Parameters(paramLabel = "ID", description = "The session's id.")
  String id = "";

  public SessionRenewCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected int run(KeyValueStore store) {
    Optional<Session> session = Await.change(store.sessions().renew(SessionTexts.parse(id)));
    return session.isPresent() ? ExitCodes.DONE : SessionTexts.missing(terminal, id);
  }
}
