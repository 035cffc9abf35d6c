package io.kubekv.benchmarks.scenario;

import io.kubekv.benchmarks.Watching;
import io.kubekv.benchmarks.scenario.LoadScenarios.Requests;
import java.util.ArrayList;
import java.util.List;

/**
 * Which scenarios a run has, in the order in which they are measured: first what the report's first
 * pages state.
 */
final class Plan {
  private final Size size;

  Plan(Size size) {
    this.size = size;
  }

  List<Scenario> scenarios() {
    LoadScenarios loads = new LoadScenarios(size);
    OtherScenarios others = new OtherScenarios(size);
    List<Scenario> scenarios = new ArrayList<>();
    scenarios.add(loads.clients(Requests.GET));
    scenarios.add(loads.clients(Requests.PUT));
    scenarios.add(others.watchers(Protocol.ETCD_V2, Watching.ETCD, Field.STORES.of(size)));
    scenarios.add(others.memory());
    scenarios.add(others.docker());
    scenarios.add(loads.clients(Requests.MIX));
    scenarios.add(loads.clients(Requests.GET, Protocol.GRPC, Field.GRPC));
    scenarios.add(others.lock());
    scenarios.add(others.recovery());
    scenarios.add(loads.contention());
    scenarios.add(loads.rates(Requests.PUT));
    if (size != Size.QUICK) {
      scenarios.add(others.mostHosts());
      scenarios.add(loads.clients(Requests.PUT, Protocol.GRPC, Field.GRPC));
      scenarios.add(loads.rates(Requests.GET));
      scenarios.add(others.watchers(Protocol.CONSUL, Watching.CONSUL, Field.CONSUL.of(size)));
      scenarios.add(loads.keys(Requests.GET));
      scenarios.add(loads.keys(Requests.LIST));
      scenarios.add(loads.values(Requests.GET));
      scenarios.add(loads.values(Requests.PUT));
    }
    if (size == Size.ALL) {
      scenarios.add(loads.clients(Requests.GET, Protocol.CONSUL, Field.CONSUL));
      scenarios.add(loads.clients(Requests.PUT, Protocol.CONSUL, Field.CONSUL));
    }
    return scenarios;
  }
}
