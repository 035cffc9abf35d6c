package io.kubekv.cli;

import io.kubekv.Await;
import io.kubekv.Freshness;
import io.kubekv.KeyValueStore;
import io.kubekv.Session;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kubekv session show}. */
@Command(name = "show", description = "Shows a session that lives.")
final class SessionShowCommand extends StoreCommand {
  @Parameters(paramLabel = "ID", description = "The session's id.")
  String id = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "value (the id), json or table (table).")
  Format format = Format.TABLE;

  SessionShowCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  int run(KeyValueStore store) {
    Optional<Session> session =
        Await.read(store.sessions().get(SessionTexts.parse(id), Freshness.LINEARIZABLE)).session();
    session.ifPresent(each -> SessionTexts.print(terminal, format, each));
    return session.isPresent() ? ExitCodes.DONE : SessionTexts.missing(terminal, id);
  }
}
