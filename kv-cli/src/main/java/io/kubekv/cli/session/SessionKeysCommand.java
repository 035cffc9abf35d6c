package io.kubekv.cli.session;

import io.kubekv.Await;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.SessionKeys;
import io.kubekv.cli.connection.StoreCommand;
import io.kubekv.cli.terminal.ExitCodes;
import io.kubekv.cli.terminal.Terminal;
import io.kubekv.cli.terminal.Texts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code kubekv session keys}. */
@Command(name = "keys", description = "Lists the keys that are attached to a session, a line each.")
public final class SessionKeysCommand extends StoreCommand {
  @Parameters(paramLabel = "ID", description = "The session's id.")
  String id = "";

  public SessionKeysCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected int run(KeyValueStore store) {
    SessionKeys found =
        Await.read(store.sessions().keys(SessionTexts.parse(id), Freshness.LINEARIZABLE));
    found.keys().stream().map(Key::text).map(Texts::line).forEach(terminal.out()::println);
    return found.session().isPresent() ? ExitCodes.DONE : SessionTexts.missing(terminal, id);
  }
}
