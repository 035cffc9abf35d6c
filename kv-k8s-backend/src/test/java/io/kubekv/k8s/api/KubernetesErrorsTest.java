package io.kubekv.k8s.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KubernetesErrorsTest {
  @ParameterizedTest
  @CsvSource({
    "401, Unauthorized, Unauthorized, false",
    "403, Forbidden, Forbidden, false",
    "404, NotFound, NotFound, false",
    "404, '', NotServed, false",
    "409, AlreadyExists, AlreadyExists, false",
    "409, Conflict, Conflict, false",
    "409, '', Conflict, false",
    "410, Expired, Gone, false",
    "410, Gone, Gone, false",
    "413, RequestEntityTooLarge, TooLarge, false",
    "422, Invalid, Invalid, false",
    "400, BadRequest, Invalid, false",
    "405, MethodNotAllowed, Invalid, false",
    "429, TooManyRequests, TooManyRequests, false",
    "408, '', ServerError, true",
    "500, InternalError, ServerError, true",
    "500, ServerTimeout, ServerError, true",
    "503, ServiceUnavailable, ServerError, true",
    "504, Timeout, ServerError, true",
    "507, InsufficientStorage, Full, false"
  })
  void of_codeAndReason_decides(int code, String reason, String type, boolean mayBeApplied) {
    ApiFailure failure = KubernetesErrors.of(status(code, reason).build());

    assertThat(failure.getClass().getSimpleName()).isEqualTo(type);
    assertThat(failure.mayBeApplied()).isEqualTo(mayBeApplied);
    assertThat(failure.message()).isEqualTo("already exists, conflict, not found");
  }

  @Test
  void of_tooManyRequests_saysWhenToComeBack() {
    Status status =
        status(429, "TooManyRequests")
            .withNewDetails()
            .withRetryAfterSeconds(7)
            .endDetails()
            .build();

    assertThat(KubernetesErrors.of(status).retryAfter()).contains(Duration.ofSeconds(7));
  }

  @Test
  void of_tooManyRequestsWithoutTime_comesBackInASecond() {
    assertThat(KubernetesErrors.of(status(429, "TooManyRequests").build()).retryAfter())
        .contains(Duration.ofSeconds(1));
  }

  @Test
  void of_revisionThatIsNotReached_isNotYet() {
    Status status =
        status(504, "Timeout")
            .withNewDetails()
            .withRetryAfterSeconds(1)
            .addNewCause(null, "Too large resource version", "ResourceVersionTooLarge")
            .endDetails()
            .build();

    assertThat(KubernetesErrors.of(status)).isInstanceOf(ApiFailure.NotYet.class);
  }

  @Test
  void of_missingNamespace_namesIt_andSaysWhatToDo() {
    Status status =
        status(404, "NotFound").withNewDetails().withKind("namespaces").endDetails().build();

    assertThat(KubernetesErrors.of(status))
        .isInstanceOfSatisfying(
            ApiFailure.NotFound.class,
            missing -> {
              assertThat(missing.kind()).isEqualTo("namespaces");
              assertThat(missing.message())
                  .isEqualTo(
                      "already exists, conflict, not found; make it with kubectl create namespace,"
                          + " or name another with --namespace");
            });
  }

  @Test
  void of_bodyWithStatus_readsIt() {
    String body =
        "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"message\":\"gone\","
            + "\"reason\":\"AlreadyExists\",\"code\":409}";

    assertThat(KubernetesErrors.of(409, body.getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(new ApiFailure.AlreadyExists("gone"));
  }

  @Test
  void of_bodyWithoutStatus_showsItsBeginning() {
    byte[] page = "404 page not found\n".getBytes(StandardCharsets.UTF_8);

    assertThat(KubernetesErrors.of(404, page))
        .isEqualTo(new ApiFailure.NotServed("HTTP 404: 404 page not found\n"));
    assertThat(KubernetesErrors.of(502, new byte[0]))
        .isEqualTo(new ApiFailure.ServerError(502, Optional.empty(), "HTTP 502: "));
  }

  @Test
  void of_refusedConnection_wasNotSent() {
    KubernetesClientException refused =
        new KubernetesClientException("", new IOException(new ConnectException("refused")));

    assertThat(KubernetesErrors.of(refused)).isEqualTo(new ApiFailure.Unreachable("refused"));
  }

  @Test
  void of_failureWithoutWords_namesNoClass() {
    IOException silent = new ClosedChannelException();

    assertThat(KubernetesErrors.ofTransport(silent).message()).isEqualTo("no answer came");
    assertThat(KubernetesErrors.ofTransport(new CompletionException(silent)).message())
        .isEqualTo("no answer came");
  }

  @Test
  void of_brokenConnection_mayBeApplied() {
    KubernetesClientException broken =
        new KubernetesClientException("", new IOException("connection reset"));

    assertThat(KubernetesErrors.of(broken)).isInstanceOf(ApiFailure.NoAnswer.class);
    assertThat(KubernetesErrors.of(broken).mayBeApplied()).isTrue();
  }

  /** The message says everything at once, so that nobody decides by it. */
  private static StatusBuilder status(int code, String reason) {
    return new StatusBuilder()
        .withCode(code)
        .withReason(reason)
        .withMessage("already exists, conflict, not found");
  }
}
