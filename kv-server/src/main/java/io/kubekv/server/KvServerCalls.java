package io.kubekv.server;

import io.kubekv.k8s.api.ApiObserver;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts calls to the Kubernetes API. */
final class KvServerCalls implements ApiObserver {
  /** Made at the beginning: of a series that comes with its first event no rate can be told. */
  private static final List<String> FORESEEN =
      List.of("ok", "401", "403", "413", "422", "429", "500", "503", "unreachable", "no_answer");

  private static final Map<String, List<Verb>> ASKED =
      Map.of(
          "storelogs", List.of(Verb.CREATE, Verb.REPLACE, Verb.GET, Verb.LIST, Verb.WATCH),
          "storechunks", List.of(Verb.CREATE, Verb.REPLACE, Verb.REMOVE, Verb.GET, Verb.LIST),
          "storemanifests", List.of(Verb.CREATE, Verb.REPLACE, Verb.GET),
          "leases", List.of(Verb.CREATE, Verb.REPLACE, Verb.GET),
          "keyvalues", List.of(Verb.values()),
          "stores", List.of(Verb.CREATE, Verb.REPLACE, Verb.GET),
          "events", List.of(Verb.CREATE));

  private record Call(Verb verb, String resource, String code) {}

  private final MeterRegistry registry;
  private final Map<Call, Timer> timers = new ConcurrentHashMap<>();

  KvServerCalls(MeterRegistry registry) {
    this.registry = registry;
    ASKED.forEach(
        (resource, verbs) ->
            verbs.forEach(
                verb ->
                    FORESEEN.forEach(
                        code -> {
                          Call call = new Call(verb, resource, code);
                          timers.put(call, timer(call));
                        })));
  }

  private Timer timer(Call call) {
    return Timer.builder("kubekv.api")
        .description("Calls to the Kubernetes API")
        .tag("verb", call.verb().label())
        .tag("resource", call.resource())
        .tag("code", call.code())
        .register(registry);
  }

  @Override
  public void called(Verb verb, String resource, String code, Duration time) {
    timers.computeIfAbsent(new Call(verb, resource, code), this::timer).record(time);
  }
}
