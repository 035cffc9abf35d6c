package io.kubekv.e2e.consul;

import io.kubekv.e2e.consul.Client.Session;
import java.util.List;
import java.util.Optional;

/** Sessions: made, shown, renewed, destroyed, refused. */
final class Sessions {
  private final Client client;
  private final Checks checks;

  Sessions(Client client, Checks checks) {
    this.client = client;
    this.checks = checks;
  }

  void run() {
    made();
    known();
    unknown();
    refused();
  }

  private void made() {
    String node = client.agent().node();
    String usual = client.createSession(Settings.USUAL);
    checks.check("session id", usual.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), true);
    checks.check("session of usual settings", shown(usual), new Session(usual, "", node, List.of("serfHealth"), 15_000_000_000L, "release", "", 1));
    String own = client.createSession(Settings.USUAL.named("mine").lasting("90s").deleting().delaying(2).onNode(node).checkedBy("serfHealth"));
    checks.check("session of own settings", shown(own), new Session(own, "mine", node, List.of("serfHealth"), 2_000_000_000L, "delete", "90s", 1));
    client.destroy(usual);
    client.destroy(own);
  }

  /** With 1 for any plausible index. */
  private Session shown(String id) {
    return shown(client.session(id).orElseThrow());
  }

  private static Session shown(Session session) {
    return new Session(
        session.id(), session.name(), session.node(), session.checks(), session.lockDelay(), session.behavior(), session.ttl(), Long.signum(session.createIndex()));
  }

  private List<String> namesOf(String id) {
    return client.sessions().stream().filter(session -> session.id().equals(id)).map(Session::name).toList();
  }

  private void known() {
    String id = client.createSession(Settings.USUAL.named("known").lasting("60s"));
    checks.check("list of sessions", namesOf(id), List.of("known"));
    checks.check("renew", shown(client.renew(id)), shown(id));
    client.destroy(id);
    checks.check("info after destroy", client.session(id), Optional.empty());
    checks.check("list after destroy", namesOf(id), List.of());
    checks.check("renew after destroy", checks.refusal(() -> client.renew(id)), "404 Session id '" + id + "' not found");
  }

  private void unknown() {
    String id = Checks.NO_SESSION;
    checks.check("info of an unknown session", client.session(id), Optional.empty());
    checks.check("destroy of an unknown session", checks.refusal(() -> client.destroy(id)), "not refused: done");
    checks.check("renew of an unknown session", checks.refusal(() -> client.renew(id)), "404 Session id '" + id + "' not found");
    checks.check("info of what is no session id", checks.refusal(() -> client.session("abc")), Checks.NO_ID);
    checks.check("destroy of what is no session id", checks.refusal(() -> client.destroy("abc")), Checks.NO_ID);
    checks.check("renew of what is no session id", checks.refusal(() -> client.renew("abc")), Checks.NO_ID);
  }

  private void refused() {
    checks.check("too short a ttl", create(Settings.USUAL.lasting("999ms")), "500 Invalid Session TTL '999000000', must be between [1s=24h0m0s]");
    checks.check("too long a ttl", create(Settings.USUAL.lasting("86401s")), "500 Invalid Session TTL '86401000000000', must be between [1s=24h0m0s]");
    checks.check("ttl that is no time", create(Settings.USUAL.lasting("abc")).startsWith("500 Session TTL 'abc' invalid: "), true);
    checks.check("unknown node", create(Settings.USUAL.onNode("elsewhere")), "500 Missing node registration");
    checks.check("unknown check", create(Settings.USUAL.checkedBy("nope")), "500 Missing check 'nope' registration");
  }

  private String create(Settings settings) {
    return checks.refusal(() -> client.createSession(settings));
  }
}
