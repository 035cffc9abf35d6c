package io.kubekv.k8s.lease;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseList;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.NamespacedKubernetesClient;
import io.fabric8.kubernetes.client.RequestConfig;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.kubekv.k8s.api.ApiFailure;
import io.kubekv.k8s.api.KubernetesErrors;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The Lease through fabric8. */
final class KubernetesLeaseApi implements LeaseApi {
  private final KubernetesClient client;
  private final String namespace;
  private final String name;
  private final RequestConfig once;

  /**
   * @param client stays the caller's
   * @param settings names the lease; a request is given up after a renew interval, and never
   *     repeated (fabric8 would repeat POST and PUT), whatever the client does otherwise
   */
  KubernetesLeaseApi(KubernetesClient client, String namespace, LeaseSettings settings) {
    this.client = client;
    this.namespace = namespace;
    this.name = settings.name();
    this.once =
        new RequestConfigBuilder()
            .withRequestTimeout(Math.toIntExact(settings.renewInterval().toMillis()))
            .withRequestRetryBackoffLimit(0)
            .build();
  }

  @Override
  public Answer get() {
    return call(leases -> leases.withName(name).get());
  }

  @Override
  public Answer create(LeaseState lease) {
    return call(leases -> leases.resource(toObject(lease)).create());
  }

  @Override
  public Answer update(LeaseState lease) {
    if (lease.version().isEmpty()) {
      throw new IllegalArgumentException("an update without a version would overwrite blindly");
    }
    return call(leases -> leases.resource(toObject(lease)).update());
  }

  private Answer call(
      Function<NonNamespaceOperation<Lease, LeaseList, Resource<Lease>>, @Nullable Lease> request) {
    try {
      Lease lease =
          client
              .adapt(NamespacedKubernetesClient.class)
              .withRequestConfig(once)
              .call(limited -> request.apply(limited.leases().inNamespace(namespace)));
      return lease == null
          ? new Answer.Failed(new ApiFailure.NotFound("leases", "there is no such lease"))
          : new Answer.Got(toState(lease));
    } catch (KubernetesClientException failed) {
      return new Answer.Failed(KubernetesErrors.of(failed));
    } catch (IllegalStateException closed) {
      return new Answer.Failed(new ApiFailure.Unreachable(closed.toString()));
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
