package io.kubekv.k8s;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The Lease through fabric8. */
final class KubernetesLeaseApi implements LeaseApi {
  private final KubernetesClient client;
  private final String namespace;
  private final String name;

  /**
   * @param client a client of its own for the lease, not closed here: its requests must not queue
   *     behind the store's, its retries must be off (fabric8 repeats POST and PUT), and its request
   *     timeout at most a renew interval
   */
  KubernetesLeaseApi(KubernetesClient client, String namespace, String name) {
    this.client = client;
    this.namespace = namespace;
    this.name = name;
  }

  @Override
  public Answer get() {
    return call(() -> client.leases().inNamespace(namespace).withName(name).get());
  }

  @Override
  public Answer create(LeaseState lease) {
    return call(() -> resource(lease).create());
  }

  @Override
  public Answer update(LeaseState lease) {
    if (lease.version().isEmpty()) {
      throw new IllegalArgumentException("an update without a version would overwrite blindly");
    }
    return call(() -> resource(lease).update());
  }

  private Resource<Lease> resource(LeaseState lease) {
    return client.leases().inNamespace(namespace).resource(toObject(lease));
  }

  private static Answer call(Supplier<@Nullable Lease> request) {
    try {
      Lease lease = request.get();
      return lease == null
          ? new Answer.Failed(new ApiFailure.NotFound("leases", "there is no such lease"))
          : new Answer.Got(toState(lease));
    } catch (KubernetesClientException failed) {
      return new Answer.Failed(KubernetesErrors.of(failed));
    }
  }

  private Lease toObject(LeaseState lease) {
    return new LeaseBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(namespace)
        .withResourceVersion(lease.version().isEmpty() ? null : lease.version())
        .withLabels(lease.labels())
        .withAnnotations(lease.annotations())
        .endMetadata()
        .withNewSpec()
        .withHolderIdentity(lease.holder().orElse(null))
        .withLeaseDurationSeconds(Math.toIntExact(Math.max(1, lease.duration().toSeconds())))
        .withAcquireTime(lease.acquired().atZone(ZoneOffset.UTC))
        .withRenewTime(lease.renewed().atZone(ZoneOffset.UTC))
        .withLeaseTransitions(lease.transitions())
        .endSpec()
        .build();
  }

  private static LeaseState toState(Lease lease) {
    LeaseSpec spec = Objects.requireNonNullElseGet(lease.getSpec(), LeaseSpec::new);
    return new LeaseState(
        lease.getMetadata().getResourceVersion(),
        Optional.ofNullable(spec.getHolderIdentity()).filter(holder -> !holder.isEmpty()),
        Duration.ofSeconds(Objects.requireNonNullElse(spec.getLeaseDurationSeconds(), 0)),
        toInstant(spec.getAcquireTime()),
        toInstant(spec.getRenewTime()),
        Objects.requireNonNullElse(spec.getLeaseTransitions(), 0),
        Objects.requireNonNullElse(lease.getMetadata().getLabels(), Map.of()),
        Objects.requireNonNullElse(lease.getMetadata().getAnnotations(), Map.of()));
  }

  private static Instant toInstant(@Nullable ZonedDateTime time) {
    return time == null ? Instant.EPOCH : time.toInstant();
  }
}
