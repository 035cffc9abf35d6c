package io.kubekv.e2e.consul;

import java.util.List;
import java.util.Map;

/** What a general client asks besides keys and sessions. */
final class Others {
  private final Client client;
  private final Checks checks;

  Others(Client client, Checks checks) {
    this.client = client;
    this.checks = checks;
  }

  void run() {
    String leader = client.leader();
    checks.check("leader", leader.matches(".+:\\d+"), true);
    checks.check("peers", client.peers().contains(leader), true);
    Client.Agent agent = client.agent();
    checks.check("agent self", List.of(agent.datacenter(), agent.server(), agent.version().matches("\\d+\\.\\d+.*")), List.of("dc1", true, true));
    checks.check("node of agent self", agent.node().isEmpty(), false);
    checks.check("member of agent self", List.of(agent.memberName(), agent.memberStatus()), List.of(agent.node(), 1));
    checks.check("agent members", client.members(), List.of(agent.node()));
    checks.check("datacenters", client.datacenters(), List.of("dc1"));
    checks.check("catalog nodes", client.nodes(), List.of(agent.node()));
    checks.check("catalog services", client.services(), Map.of("consul", List.of()));
    checks.check("catalog of an unknown service", client.instances("nope"), 0);
  }
}
