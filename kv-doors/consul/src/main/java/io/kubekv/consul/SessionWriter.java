package io.kubekv.consul;

import io.kubekv.Session;
import io.kubekv.SessionBehavior;
import io.kubekv.golang.Json;
import java.util.List;

/** Sessions as Consul shows them. */
final class SessionWriter {
  private static final String CHECKS = "[\"" + AgentHandler.NODE_CHECK + "\"]";

  private final String node;

  SessionWriter(String node) {
    this.node = node;
  }

  Response sessions(List<Session> sessions) {
    Json json = new Json().raw("[");
    String separator = "";
    for (Session session : sessions) {
      write(json.raw(separator), session);
      separator = ",";
    }
    return Response.json(json.raw("]"));
  }

  private void write(Json json, Session session) {
    boolean deletes = session.spec().behavior() == SessionBehavior.DELETE;
    json.raw("{\"ID\":").string(session.id().toString());
    json.raw(",\"Name\":").string(session.spec().name());
    json.raw(",\"Node\":").string(node);
    SessionNote note = SessionNote.of(session.spec());
    json.raw(",\"Checks\":").raw(note.checked() ? CHECKS : "null");
    json.raw(",\"LockDelay\":").raw(Long.toString(note.lockDelayNanos()));
    json.raw(",\"Behavior\":").raw(deletes ? "\"delete\"" : "\"release\"");
    json.raw(",\"TTL\":").string(note.timeToLive());
    json.raw(",\"CreateIndex\":").number(session.createRevision().value());
    json.raw(",\"ModifyIndex\":").number(session.modifyRevision().value()).raw("}");
  }
}
