package io.kubekv.server;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.kubekv.Limits;
import io.kubekv.k8s.api.AccessReviews;
import io.kubekv.server.access.Audit;
import io.kubekv.server.access.Authorizer;
import io.kubekv.server.access.CertificateUsers;
import io.kubekv.server.access.Gate;
import io.kubekv.server.access.Identities;
import io.kubekv.server.access.RbacFile;
import io.kubekv.server.access.TokenAuthenticator;
import io.kubekv.server.access.TokenFile;
import io.kubekv.server.access.User;
import io.kubekv.server.ops.Metrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/** Joins what decides who may do what: a cluster's reviews, or files. */
final class KvServerAccess {
  private KvServerAccess() {}

  /**
   * Opens a gate.
   *
   * @param limits of the store's keys
   * @param cluster whom reviews are asked of; present where one is needed
   * @param audit where it is written down; stays the caller's
   */
  static Gate open(
      String store,
      Limits limits,
      AccessConfig config,
      Optional<KubernetesClient> cluster,
      Audit audit,
      Executor threads) {
    Identities identities =
        new Identities(certificates(config), tokens(config, cluster), config.anonymous());
    return new Gate(
        store,
        limits,
        identities,
        authorizer(config, cluster),
        config.timeToLive(),
        audit,
        threads);
  }

  /** The numbers of a gate. */
  static void show(Gate gate, Metrics metrics) {
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
