package io.kubekv.cli;

import io.kubekv.Session;
import io.kubekv.SessionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How people name sessions, and what they see of them. */
final class SessionTexts {
  private SessionTexts() {}

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
              session.spec().timeToLive().map(Durations::print).orElse("-"),
              session.spec().behavior().name().toLowerCase(Locale.ROOT),
              Durations.print(session.spec().lockDelay()),
              session.createRevision().toString(),
              Texts.line(session.spec().name())));
    }
    Texts.table(terminal.out(), rows);
  }
}
