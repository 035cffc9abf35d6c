package io.kubekv.k8s.api;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * The one translation of the API's errors: by HTTP code and the {@code reason} of the {@code
 * Status}, never by message, which any release may reword.
 */
public final class KubernetesErrors {
  /** What the API sends when it sheds load without saying for how long. */
  private static final Duration DEFAULT_PAUSE = Duration.ofSeconds(1);

  private static final int LONGEST_MESSAGE = 300;

  /** What to do about a namespace that is missing, whose name the API says. */
  private static final String NO_NAMESPACE =
      "; make it with kubectl create namespace, or name another with --namespace";

  private KubernetesErrors() {}

  /** The failure behind an exception of a blocking call. */
  public static ApiFailure of(KubernetesClientException failed) {
    Status status = failed.getStatus();
    if (failed.getCode() > 0) {
      return of(failed.getCode(), status, String.valueOf(failed.getMessage()));
    }
    return ofTransport(failed);
  }

  /** The failure behind an answer that is no 2xx. */
  public static ApiFailure of(int code, byte[] body) {
    return of(code, statusIn(body), new String(body, StandardCharsets.UTF_8));
  }

  /** The failure behind a {@code Status}, as the ERROR event of a watch holds it. */
  static ApiFailure of(Status status) {
    int code = Objects.requireNonNullElse(status.getCode(), 500);
    return of(code, status, "");
  }

  /** The failure behind an exception that is no answer: a connection refused, lost or silent. */
  public static ApiFailure ofTransport(Throwable failed) {
    for (Throwable at = failed; at != null; at = at.getCause()) {
      if (isBeforeSending(at)) {
        return new ApiFailure.Unreachable(words(at));
      }
    }
    return new ApiFailure.NoAnswer(lastWords(failed));
  }

  /** For a person: the message, which names the address, and no class where there is one. */
  private static String words(Throwable failed) {
    String said = failed.getMessage();
    if (failed instanceof UnknownHostException) {
      return "no address of the host " + said + " is known";
    }
    return said == null || said.isBlank() ? failed.toString() : said;
  }

  /** What is at the bottom of it: those around it often have the name of a class as their words. */
  private static String lastWords(Throwable failed) {
    String said = "no answer came";
    for (Throwable at = failed; at != null; at = at.getCause()) {
      String words = Objects.requireNonNullElse(at.getMessage(), "");
      if (!words.isBlank() && !words.equals(String.valueOf(at.getCause()))) {
        said = words;
      }
    }
    return said;
  }

  private static boolean isBeforeSending(Throwable failed) {
    return failed instanceof ConnectException
        || failed instanceof UnknownHostException
        || failed instanceof NoRouteToHostException
        || failed instanceof SSLHandshakeException;
  }

  private static ApiFailure of(int code, @Nullable Status status, String otherwise) {
    String said =
        "HTTP "
            + code
            + ": "
            + otherwise.substring(0, Math.min(LONGEST_MESSAGE, otherwise.length()));
    return status == null
        ? of(code, new ApiStatus("", "", List.of(), Optional.empty(), said))
        : of(code, ApiStatus.of(status));
  }

  private static ApiFailure of(int code, ApiStatus status) {
    String message = status.message();
    return switch (code) {
      case 401 -> new ApiFailure.Unauthorized(message);
      case 403 -> new ApiFailure.Forbidden(message);
      case 404 -> missing(status);
      case 409 ->
          status.reason().equals("AlreadyExists")
              ? new ApiFailure.AlreadyExists(message)
              : new ApiFailure.Conflict(message);
      case 410 -> new ApiFailure.Gone(message);
      case 413 -> new ApiFailure.TooLarge(message);
      case 429 -> new ApiFailure.TooManyRequests(pause(status), message);
      case 504 ->
          status.causes().contains("ResourceVersionTooLarge")
              ? new ApiFailure.NotYet(pause(status), message)
              : new ApiFailure.ServerError(code, status.retryAfter(), message);
      case 507 -> new ApiFailure.Full(message);
      default ->
          code >= 400 && code < 500 && code != 408
              ? new ApiFailure.Invalid(code, message)
              : new ApiFailure.ServerError(code, status.retryAfter(), message);
    };
  }

  /** A resource type that is not served gets a 404 without a Status. */
  private static ApiFailure missing(ApiStatus status) {
    String advice = status.kind().equals("namespaces") ? NO_NAMESPACE : "";
    return status.reason().equals("NotFound")
        ? new ApiFailure.NotFound(status.kind(), status.message() + advice)
        : new ApiFailure.NotServed(status.message());
  }

  private static Duration pause(ApiStatus status) {
    return status.retryAfter().orElse(DEFAULT_PAUSE);
  }

  private static @Nullable Status statusIn(byte[] body) {
    try {
      Status status =
          Serialization.unmarshal(new String(body, StandardCharsets.UTF_8), Status.class);
      return status != null && "Status".equals(status.getKind()) ? status : null;
    } catch (RuntimeException noStatus) {
      return null;
    }
  }
}
