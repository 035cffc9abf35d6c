package io.kubekv.k8s.api;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.api.model.StatusDetails;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What we look at in a {@code Status} of the API; empty strings where it says nothing.
 *
 * @param reason {@code reason}: with the HTTP code, all that decides
 * @param kind {@code details.kind}
 * @param causes {@code details.causes[].reason}
 */
record ApiStatus(
    String reason,
    String kind,
    List<String> causes,
    Optional<Duration> retryAfter,
    String message) {
  static ApiStatus of(Status status) {
    StatusDetails details = Objects.requireNonNullElseGet(status.getDetails(), StatusDetails::new);
    return new ApiStatus(
        orEmpty(status.getReason()),
        orEmpty(details.getKind()),
        details.getCauses().stream().map(StatusCause::getReason).map(ApiStatus::orEmpty).toList(),
        Optional.ofNullable(details.getRetryAfterSeconds())
            .filter(seconds -> seconds > 0)
            .map(Duration::ofSeconds),
        orEmpty(status.getMessage()));
  }

  private static String orEmpty(@Nullable String text) {
    return Objects.requireNonNullElse(text, "");
  }
}
