package io.kubekv.e2e.api;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * A request to the API server, read whole.
 *
 * @param call what it asks for
 * @param target path and query
 */
public record ApiRequest(ApiCall call, String target, byte[] body) {
  /** What a request is for, as far as faults tell them apart. */
  public enum Kind {
    LEASE,
    WATCH,
    READ,
    CHANGE
  }

  public Kind kind() {
    if (call.resource().equals("leases")) {
      return Kind.LEASE;
    }
    if (call.verb() == ApiCall.Verb.WATCH) {
      return Kind.WATCH;
    }
    return call.changes() ? Kind.CHANGE : Kind.READ;
  }

  /** Whether it is to take the lease, renew it or give it up. */
  public boolean changesLease() {
    return kind() == Kind.LEASE && call.changes();
  }

  public boolean bodyContains(String text) {
    return new String(body, UTF_8).contains(text);
  }
}
