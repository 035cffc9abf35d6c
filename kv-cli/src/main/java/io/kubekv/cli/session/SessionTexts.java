package io.kubekv.cli.session;

import io.kubekv.Session;
import io.kubekv.SessionId;
import io.kubekv.cli.terminal.Durations;
import io.kubekv.cli.terminal.ExitCodes;
import io.kubekv.cli.terminal.Json;
import io.kubekv.cli.terminal.TableOptions;
import io.kubekv.cli.terminal.Terminal;
import io.kubekv.cli.terminal.Texts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How people name sessions, and what they see of them. */
public final class SessionTexts {
  private static final List<String> HEADER =
      List.of("ID", "TTL", "BEHAVIOR", "LOCK-DELAY", "CREATED", "NAME");

  private SessionTexts() {}

  /** Reads an id; {@link IllegalArgumentException} when it is none. */
  public static SessionId parse(String id) {
    return SessionId.parse(id)
        .orElseThrow(
            () -> new IllegalArgumentException("'" + id + "' is not a session's id (a UUID)"));
  }

  static int missing(Terminal terminal, String id) {
    terminal.say(id + ": no such session");
    return ExitCodes.REFUSED;
  }

  static void print(Terminal terminal, TableOptions output, Session session) {
    switch (output.kind()) {
      case VALUE -> terminal.out().println(session.id());
      case NODE -> output.print(terminal.out(), Json.session(session));
      case TABLE -> table(terminal, output, List.of(session));
    }
  }

  static void table(Terminal terminal, TableOptions output, List<Session> sessions) {
    List<List<String>> rows = new ArrayList<>();
    for (Session session : sessions) {
      rows.add(
          List.of(
              session.id().toString(),
              session.spec().timeToLive().map(Durations::print).orElse("-"),
              session.spec().behavior().name().toLowerCase(Locale.ROOT),
              Durations.print(session.spec().lockDelay()),
              session.createRevision().toString(),
              Texts.line(session.spec().name())));
    }
    output.table(terminal.out(), HEADER, rows);
  }
}
