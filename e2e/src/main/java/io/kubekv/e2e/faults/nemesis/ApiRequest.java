package io.kubekv.e2e.faults.nemesis;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * A request of a replica to the API server.
 *
 * @param target path and query
 */
record ApiRequest(String method, String target, byte[] body) {
  /** What a request is for, as far as faults tell them apart. */
  enum Kind {
    LEASE,
    WATCH,
    READ,
    CHANGE
  }

  Kind kind() {
    if (target.contains("/leases")) {
      return Kind.LEASE;
    }
    if (target.contains("watch=true")) {
      return Kind.WATCH;
    }
    return method.equals("GET") ? Kind.READ : Kind.CHANGE;
  }

  /** Whether it is to take the lease, renew it or give it up. */
  boolean changesLease() {
    return kind() == Kind.LEASE && !method.equals("GET");
  }

  boolean bodyContains(String text) {
    return new String(body, UTF_8).contains(text);
  }
}
