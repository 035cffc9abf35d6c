package io.kubekv.transport.grpc;

import io.grpc.Status;
import io.kubekv.transport.access.Gate;
import io.kubekv.transport.limits.Budgets;
import io.kubekv.transport.tls.Certificates;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What stands around a call. */
public final class GrpcLayers {
  private GrpcLayers() {}

  /** The classes' names, the outermost first. */
  public static List<String> around(Gate gate, Budgets budgets, Certificates tls) {
    GrpcServices services =
        new GrpcServices(
            "test",
            access -> List.of(),
            Set.of(),
            Set.of(),
            why -> Status.INTERNAL.asRuntimeException());
    Refusals refusals = new Refusals(services.refusals());
    Optional<Gate> asked = Optional.of(gate);
    try (GoodCertificates good = new GoodCertificates(tls, Runnable::run, refusals)) {
      return GrpcListener.layers(
              services,
              GrpcSettings.DEFAULT,
              Companion.none(),
              new Callers(budgets, Set.of(), asked, Optional.empty(), headers -> false),
              Optional.of(new UserServices(gate, services.services(), Set.of(), refusals)),
              Optional.of(good),
              refusals)
          .stream()
          .map(layer -> layer.getClass().getSimpleName())
          .toList();
    }
  }
}
