package io.kubekv.k8s.api;

import java.time.Duration;
import java.util.Optional;

/**
 * Why a call to the Kubernetes API did not do what was asked. {@link KubernetesErrors} makes them;
 * nobody else looks at a status code, a reason or an exception of the client.
 */
public sealed interface ApiFailure {
  /** A create found an object of that name. */
  record AlreadyExists(String message) implements ApiFailure {}

  /** The object is not, or no longer, what the precondition names. */
  record Conflict(String message) implements ApiFailure {}

  /**
   * There is no such object, or not the namespace it would be in.
   *
   * @param kind the resource that is missing, such as {@code keyvalues} or {@code namespaces};
   *     empty when the API did not say
   */
  record NotFound(String kind, String message) implements ApiFailure {}

  /** The API does not know the resource type: the CRD is not installed, or not yet served. */
  record NotServed(String message) implements ApiFailure {}

  /** The revision or list token is older than the API remembers: list again. */
  record Gone(String message) implements ApiFailure {}

  /** The API has not reached the revision that was asked for: nothing is wrong, ask again. */
  record NotYet(Duration after, String message) implements ApiFailure {}

  /** The API is shedding load: nothing was done. */
  record TooManyRequests(Duration after, String message) implements ApiFailure {}

  /** The request is over the API's size limit: nothing was done. */
  record TooLarge(String message) implements ApiFailure {}

  /** The API has no space to store anything: nothing was done. */
  record Full(String message) implements ApiFailure {}

  /** The API does not accept the request as it is: nothing was done, and never will be. */
  record Invalid(int code, String message) implements ApiFailure {}

  /** We may not do that: RBAC, an admission rule, a quota, or a namespace that is going away. */
  record Forbidden(String message) implements ApiFailure {}

  /** Our credentials are not accepted. */
  record Unauthorized(String message) implements ApiFailure {}

  /** The API failed; a change may have happened before it did. */
  record ServerError(int code, Optional<Duration> after, String message) implements ApiFailure {}

  /** Nobody was there to take the request: it was not sent. */
  record Unreachable(String message) implements ApiFailure {}

  /** The request was sent, or part of it, and no answer came. */
  record NoAnswer(String message) implements ApiFailure {}

  /** What the API or the client said, for people; never to decide by. */
  String message();

  /**
   * For counting: the HTTP status, {@code unreachable} when nothing was sent, {@code no_answer}
   * when no answer came.
   */
  default String label() {
    return switch (this) {
      case AlreadyExists exists -> "409";
      case Conflict conflict -> "409";
      case NotFound missing -> "404";
      case NotServed missing -> "404";
      case Gone gone -> "410";
      case NotYet behind -> "504";
      case TooManyRequests busy -> "429";
      case TooLarge large -> "413";
      case Full full -> "507";
      case Invalid invalid -> Integer.toString(invalid.code());
      case Forbidden forbidden -> "403";
      case Unauthorized unknown -> "401";
      case ServerError error -> Integer.toString(error.code());
      case Unreachable away -> "unreachable";
      case NoAnswer lost -> "no_answer";
    };
  }

  /** Whether a change may have been applied all the same: its outcome is unknown. */
  default boolean mayBeApplied() {
    return switch (this) {
      case ServerError error -> true;
      case NoAnswer lost -> true;
      case AlreadyExists definite -> false;
      case Conflict definite -> false;
      case NotFound definite -> false;
      case NotServed definite -> false;
      case Gone definite -> false;
      case NotYet definite -> false;
      case TooManyRequests definite -> false;
      case TooLarge definite -> false;
      case Full definite -> false;
      case Invalid definite -> false;
      case Forbidden definite -> false;
      case Unauthorized definite -> false;
      case Unreachable definite -> false;
    };
  }

  /** Whether the same request may be answered otherwise soon, though nobody changes anything. */
  default boolean isPassing() {
    return mayBeApplied() || this instanceof Unreachable || this instanceof TooManyRequests;
  }

  /** How long the API asks us to stay away; empty when it does not say. */
  default Optional<Duration> retryAfter() {
    return switch (this) {
      case TooManyRequests busy -> Optional.of(busy.after());
      case NotYet behind -> Optional.of(behind.after());
      case ServerError error -> error.after();
      case AlreadyExists silent -> Optional.empty();
      case Conflict silent -> Optional.empty();
      case NotFound silent -> Optional.empty();
      case NotServed silent -> Optional.empty();
      case Gone silent -> Optional.empty();
      case TooLarge silent -> Optional.empty();
      case Full silent -> Optional.empty();
      case Invalid silent -> Optional.empty();
      case Forbidden silent -> Optional.empty();
      case Unauthorized silent -> Optional.empty();
      case Unreachable silent -> Optional.empty();
      case NoAnswer silent -> Optional.empty();
    };
  }
}
