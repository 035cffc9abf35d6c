package io.kubekv.consul;

import io.kubekv.CompactedException;
import io.kubekv.FutureRevisionException;
import io.kubekv.LimitExceededException;
import io.kubekv.OutcomeUnknownException;
import io.kubekv.OverloadedException;
import io.kubekv.PermissionDeniedException;
import io.kubekv.StoreException;
import io.kubekv.UnauthenticatedException;
import io.kubekv.UnavailableException;
import io.kubekv.transport.http.Header;

/** Failures of the store in the form in which Consul tells its own. */
final class StoreFailures {
  private StoreFailures() {}

  static Response response(StoreException failure) {
    String words = String.valueOf(failure.getMessage());
    return switch (failure) {
      case LimitExceededException limit -> Response.text(413, words);
      case CompactedException gone -> Response.text(400, words);
      case FutureRevisionException early -> Response.text(400, words);
      case OverloadedException overloaded ->
          Response.text(429, words).with(new Header("Retry-After", seconds(overloaded)));
      case UnavailableException unavailable -> Response.text(500, "No cluster leader: " + words);
      case OutcomeUnknownException unknown ->
          Response.text(500, "the change may or may not have been made: " + words);
      // Consul 1.5, acl/errors.go and agent/http.go: both are 403
      case UnauthenticatedException nobody -> Response.text(403, "ACL not found");
      case PermissionDeniedException denied -> Response.text(403, "Permission denied");
    };
  }

  private static String seconds(OverloadedException failure) {
    return Long.toString(Math.max(1, failure.retryAfter().plusMillis(999).toSeconds()));
  }
}
