package io.kubekv.server.cli;

import io.kubekv.Freshness;
import io.kubekv.KeyValueStore;
import io.kubekv.Session;
import io.kubekv.SessionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
    Optional<Session> session = store.sessions().get(parse(id), Freshness.LINEARIZABLE).session();
    session.ifPresent(each -> print(terminal, format, each));
    return session.isPresent() ? ExitCodes.DONE : missing(terminal, id);
  }

  /** Reads an id; {@link IllegalArgumentException} when it is none. */
  static SessionId parse(String id) {
    return SessionId.parse(id)
        .orElseThrow(
            () -> new IllegalArgumentException("'" + id + "' is not a session's id (a UUID)"));
  }

  static int missing(Terminal terminal, String id) {
    terminal.say(id + ": no such session");
    return ExitCodes.REFUSED;
  }

  static void print(Terminal terminal, Format format, Session session) {
    switch (format) {
      case VALUE -> terminal.out().println(session.id());
      case JSON -> terminal.out().println(Json.line(Json.session(session)));
      case TABLE -> table(terminal, List.of(session));
    }
  }

  static void table(Terminal terminal, List<Session> sessions) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("ID", "TTL", "BEHAVIOR", "LOCK-DELAY", "CREATED", "NAME"));
    for (Session session : sessions) {
      rows.add(
          List.of(
              session.id().toString(),
              session.spec().timeToLive().map(Texts::duration).orElse("-"),
              session.spec().behavior().name().toLowerCase(Locale.ROOT),
              Texts.duration(session.spec().lockDelay()),
              session.createRevision().toString(),
              Texts.line(session.spec().name())));
    }
    Texts.table(terminal.out(), rows);
  }
}
