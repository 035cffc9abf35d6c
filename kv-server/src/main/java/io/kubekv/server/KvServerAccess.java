package io.kubekv.server;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.kubekv.k8s.api.AccessReviews;
import io.kubekv.transport.access.Audit;
import io.kubekv.transport.access.Authorizer;
import io.kubekv.transport.access.CertificateUsers;
import io.kubekv.transport.access.Gate;
import io.kubekv.transport.access.Identities;
import io.kubekv.transport.access.RbacFile;
import io.kubekv.transport.access.TokenAuthenticator;
import io.kubekv.transport.access.TokenFile;
import io.kubekv.transport.access.User;
import io.kubekv.transport.audit.AuditFile;
import io.kubekv.transport.http.EventLoop;
import io.kubekv.transport.ops.Metrics;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/** Joins what decides who may do what: a cluster's reviews, or files. */
final class KvServerAccess {
  private KvServerAccess() {}

  /**
   * Opens a gate. Reviews have a client of their own, so that none of them waits for the store's
   * calls.
   */
  static Gate open(
      ServerConfig config,
      AccessConfig access,
      Metrics metrics,
      EventLoop loop,
      Executor threads,
      Parts parts) {
    Optional<KubernetesClient> cluster =
        config.backend() instanceof ServerConfig.Cluster named
            ? Optional.of(KvServerBackend.client(named, loop, parts))
            : Optional.empty();
    Identities identities =
        new Identities(certificates(access), tokens(access, cluster), access.anonymous());
    Gate gate =
        parts.opened(
            "gate",
            new Gate(
                config.backend().namespace(),
                config.limits(),
                identities,
                authorizer(access, cluster),
                access.timeToLive(),
                audit(access, metrics, parts),
                threads));
    show(gate, metrics);
    return gate;
  }

  private static Audit audit(AccessConfig access, Metrics metrics, Parts parts) {
    if (access.audit().isEmpty()) {
      return Audit.NONE;
    }
    AuditFile audit =
        parts.opened("audit log", AuditFile.open(access.audit().get(), InstantSource.system()));
    KvServerMetrics.show(audit, metrics);
    return audit;
  }

  /** The numbers of a gate. */
  private static void show(Gate gate, Metrics metrics) {
    metrics.counter("kubekv.access.reviews", "Questions to whoever decides", gate, Gate::reviews);
    metrics.counter("kubekv.access.failures", "Questions without an answer", gate, Gate::failures);
    metrics.counter("kubekv.access.denied", "What users were refused", gate, Gate::refusals);
    metrics.gauge(
        "kubekv.access.held", "Watches, queries and locks that need a grant", gate, Gate::held);
  }

  private static CertificateUsers certificates(AccessConfig config) {
    return config.certificateField() == AccessConfig.CertificateField.subject
        ? CertificateUsers.bySubject()
        : CertificateUsers.byAlternativeName();
  }

  private static Authorizer authorizer(AccessConfig config, Optional<KubernetesClient> cluster) {
    if (config.rbacFile().isPresent()) {
      return RbacFile.open(config.rbacFile().get());
    }
    AccessReviews reviews = new AccessReviews(cluster.orElseThrow(), config.audiences());
    return (user, verb, path) ->
        reviews.isAllowed(user.name(), user.groups(), verb.toString(), path);
  }

  /** The file first: it takes no call. */
  private static TokenAuthenticator tokens(
      AccessConfig config, Optional<KubernetesClient> cluster) {
    List<TokenAuthenticator> all = new ArrayList<>();
    config.tokenFile().map(TokenFile::open).ifPresent(all::add);
    if (config.tokenReview()) {
      AccessReviews reviews = new AccessReviews(cluster.orElseThrow(), config.audiences());
      all.add(token -> reviews.user(token).map(known -> new User(known.name(), known.groups())));
    }
    return token ->
        all.stream().map(each -> each.user(token)).flatMap(Optional::stream).findFirst();
  }
}
