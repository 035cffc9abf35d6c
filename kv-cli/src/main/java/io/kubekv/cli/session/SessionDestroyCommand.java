package io.kubekv.cli.session;

import io.kubekv.Await;
import io.kubekv.KeyValueStore;
import io.kubekv.cli.connection.StoreCommand;
import io.kubekv.cli.terminal.ExitCodes;
import io.kubekv.cli.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code kubekv session destroy}. */
@Command(
    name = "destroy",
    description = {
      "Ends a session.",
      "The keys that it holds are released or deleted, those that are attached to it deleted."
    })
public final class SessionDestroyCommand extends StoreCommand {
  @Parameters(paramLabel = "ID", description = "The session's id.")
  String id = "";

  public SessionDestroyCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected int run(KeyValueStore store) {
    return Await.change(store.sessions().destroy(SessionTexts.parse(id)))
        ? ExitCodes.DONE
        : SessionTexts.missing(terminal, id);
  }
}
