package io.kubekv.server.consul;

import io.kubekv.Session;
import io.kubekv.SessionBehavior;
import io.kubekv.server.golang.GoDuration;
import io.kubekv.server.golang.Json;
import java.util.List;

/** Sessions as Consul shows them. */
final class SessionWriter {
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
    json.raw(",\"Checks\":[\"" + AgentHandler.NODE_CHECK + "\"],\"LockDelay\":");
    json.number(session.spec().lockDelay().toNanos());
    json.raw(",\"Behavior\":").raw(deletes ? "\"delete\"" : "\"release\"");
    json.raw(",\"TTL\":").string(session.spec().timeToLive().map(GoDuration::print).orElse(""));
    json.raw(",\"CreateIndex\":").number(session.createRevision().value());
    json.raw(",\"ModifyIndex\":").number(session.modifyRevision().value()).raw("}");
  }
}
