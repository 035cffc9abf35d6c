package io.kubekv.cli;

import io.kubekv.Await;
import io.kubekv.KeyValueStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code kubekv session destroy}. */
@Command(
    name = "destroy",
    description = {
      "Ends a session.",
      "The keys that it holds are released or deleted, those that are attached to it deleted."
    })
final class SessionDestroyCommand extends StoreCommand {
  @Parameters(paramLabel = "ID", description = "The session's id.")
  String id = "";

  SessionDestroyCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  int run(KeyValueStore store) {
    return Await.change(store.sessions().destroy(SessionTexts.parse(id)))
        ? ExitCodes.DONE
        : SessionTexts.missing(terminal, id);
  }
}
