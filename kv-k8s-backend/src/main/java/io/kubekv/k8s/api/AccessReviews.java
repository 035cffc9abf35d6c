package io.kubekv.k8s.api;

import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.kubekv.UnavailableException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Asks a cluster whose a token is, and what a user may do. Its own account needs to create {@code
 * tokenreviews.authentication.k8s.io} and {@code subjectaccessreviews.authorization.k8s.io}.
 * Thread-safe; every call is one request, and blocks.
 */
public final class AccessReviews {
  private final KubernetesClient client;
  private final List<String> audiences;

  /** A user as the cluster knows it. */
  public record KnownUser(String name, List<String> groups) {
    public KnownUser {
      groups = List.copyOf(groups);
    }
  }

  /**
   * Asks through a client, which stays the caller's.
   *
   * @param audiences whom a token may be for; empty: the API server's own
   */
  public AccessReviews(KubernetesClient client, List<String> audiences) {
    this.client = client;
    this.audiences = List.copyOf(audiences);
  }

  /**
   * Whose a bearer token is; empty when it is nobody's, or not for one of the audiences.
   *
   * @throws UnavailableException when the cluster does not say
   */
  public Optional<KnownUser> user(String token) {
    TokenReview review =
        new TokenReviewBuilder()
            .withNewMetadata()
            .endMetadata()
            .withNewSpec()
            .withToken(token)
            .withAudiences(audiences)
            .endSpec()
            .build();
    TokenReview answer = asked(() -> client.tokenReviews().create(review));
    var status = answer.getStatus();
    boolean known = status != null && Boolean.TRUE.equals(status.getAuthenticated());
    if (!known || !isForUs(status.getAudiences())) {
      return Optional.empty();
    }
    return Optional.of(
        new KnownUser(
            status.getUser().getUsername(),
            Objects.requireNonNullElse(status.getUser().getGroups(), List.of())));
  }

  /** A cluster that knows nothing of audiences says none; then it has not looked at them. */
  private boolean isForUs(List<String> of) {
    return audiences.isEmpty() || of.stream().anyMatch(audiences::contains);
  }

  /**
   * Whether a user may do something to a path that is no resource.
   *
   * @throws UnavailableException when the cluster does not say
   */
  public boolean isAllowed(String user, List<String> groups, String verb, String path) {
    SubjectAccessReview review =
        new SubjectAccessReviewBuilder()
            .withNewMetadata()
            .endMetadata()
            .withNewSpec()
            .withUser(user)
            .withGroups(groups)
            .withNewNonResourceAttributes()
            .withVerb(verb)
            .withPath(path)
            .endNonResourceAttributes()
            .endSpec()
            .build();
    SubjectAccessReview answer =
        asked(() -> client.authorization().v1().subjectAccessReview().create(review));
    return answer.getStatus() != null && Boolean.TRUE.equals(answer.getStatus().getAllowed());
  }

  private interface Call<T> {
    T make();
  }

  private static <T> T asked(Call<T> call) {
    try {
      return call.make();
    } catch (KubernetesClientException failed) {
      throw new UnavailableException(
          "the cluster does not say who may do what: " + KubernetesErrors.of(failed).message(),
          failed);
    }
  }
}
