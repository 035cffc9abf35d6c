package io.kubekv.k8s.lease;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.kubekv.k8s.api.ApiFailure;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Leases whose way to the API server a test can cut, where it cannot hurt the server itself. */
public final class SeveredLease {
  private SeveredLease() {}

  /**
   * The lease of a namespace.
   *
   * @param severed whether nothing passes now, either way; asked before each call and after it
   */
  public static KubernetesLease in(
      KubernetesClient client,
      String namespace,
      LeaseSettings settings,
      BooleanSupplier severed,
      BooleanSupplier storeIsNew) {
    LeaseApi api = new Severed(new KubernetesLeaseApi(client, namespace, settings), severed);
    return new KubernetesLease(api, settings, Clocks.system(), "", storeIsNew);
  }

  private record Severed(LeaseApi api, BooleanSupplier severed) implements LeaseApi {
    private static final Answer CUT =
        new Answer.Failed(new ApiFailure.NoAnswer("the test has cut the connection"));

    @Override
    public Answer get() {
      return ask(api::get);
    }

    @Override
    public Answer create(LeaseState lease) {
      return ask(() -> api.create(lease));
    }

    @Override
    public Answer update(LeaseState lease) {
      return ask(() -> api.update(lease));
    }

    private Answer ask(Supplier<Answer> request) {
      if (severed.getAsBoolean()) {
        return CUT;
      }
      Answer answer = request.get();
      return severed.getAsBoolean() ? CUT : answer;
    }
  }
}
