package io.kubekv.cli;

import io.kubekv.Await;
import io.kubekv.Freshness;
import io.kubekv.KeyValueStore;
import io.kubekv.Session;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code kubekv session list}. */
@Command(name = "list", description = "Lists the sessions that live.")
final class SessionListCommand extends StoreCommand {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "value (only the ids), json or table (table).")
  Format format = Format.TABLE;

  SessionListCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  int run(KeyValueStore store) {
    List<Session> sessions = Await.read(store.sessions().list(Freshness.LINEARIZABLE)).sessions();
    if (format == Format.TABLE) {
      SessionTexts.table(terminal, sessions);
    } else {
      sessions.forEach(session -> SessionTexts.print(terminal, format, session));
    }
    return ExitCodes.DONE;
  }
}
