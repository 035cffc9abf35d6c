package io.kubekv.e2e.consul;

import com.ecwid.consul.v1.ConsulClient;
import com.ecwid.consul.v1.QueryParams;
import com.ecwid.consul.v1.Response;
import com.ecwid.consul.v1.session.model.NewSession;
import com.ecwid.consul.v1.session.model.Session;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Blocking queries on sessions, and the sessions of a node. */
final class SessionWaits {
  private final ConsulClient consul;
  private final Checks checks;

  SessionWaits(ConsulClient consul, Checks checks) {
    this.consul = consul;
    this.checks = checks;
  }

  void run() throws InterruptedException {
    long index = consul.getSessionList(QueryParams.DEFAULT).getConsulIndex();
    CompletableFuture<Response<List<Session>>> making = waiting(index);
    Thread.sleep(300);
    String id = consul.sessionCreate(new NewSession(), QueryParams.DEFAULT).getValue();
    Response<List<Session>> made = making.join();
    checks.check("wait for a session", List.of(has(made, id), made.getConsulIndex() > index), List.of(true, true));
    String node = consul.getSessionInfo(id, QueryParams.DEFAULT).getValue().getNode();
    checks.check("sessions of the node", has(consul.getSessionNode(node, QueryParams.DEFAULT), id), true);
    checks.check("sessions of another node", consul.getSessionNode("elsewhere", QueryParams.DEFAULT).getValue(), List.of());
    CompletableFuture<Response<List<Session>>> ending = waiting(made.getConsulIndex());
    Thread.sleep(300);
    consul.sessionDestroy(id, QueryParams.DEFAULT);
    Response<List<Session>> ended = ending.join();
    checks.check("wait for the end of a session", List.of(has(ended, id), ended.getConsulIndex() > made.getConsulIndex()), List.of(false, true));
  }

  private CompletableFuture<Response<List<Session>>> waiting(long index) {
    return Checks.beside(() -> consul.getSessionList(ConsulApiLibrary.params(Query.behind(index, 30))));
  }

  private static boolean has(Response<List<Session>> sessions, String id) {
    return sessions.getValue().stream().anyMatch(session -> session.getId().equals(id));
  }
}
