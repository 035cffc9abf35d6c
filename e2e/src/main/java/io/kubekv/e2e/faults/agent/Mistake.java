package io.kubekv.e2e.faults.agent;

import java.util.Arrays;
import java.util.List;

/** The deliberate mistakes: each breaks one promise, and a checker must catch it. */
public enum Mistake {
  /** Every read is answered from whatever this process happens to have. */
  STALE_READS(
      new Change(
          "io.kubekv.server.replica.ForwardingStore", "get", MistakeAdvice.AnyFreshness.class),
      new Change(
          "io.kubekv.server.replica.ForwardingStore", "list", MistakeAdvice.AnyFreshness.class)),

  /** Nobody looks whether the lease has run out: not before an answer, and not after it. */
  UNCHECKED_LEASE(
      new Change("io.kubekv.k8s.lease.Term", "isValid", MistakeAdvice.AlwaysTrue.class)),

  /** Where the history has a gap, watches are not told. */
  SKIPPING_WATCH(new Change("io.kubekv.k8s.History", "restart", MistakeAdvice.NoGap.class)),

  /** An expiry that finds another revision than that whose time ran out deletes that one. */
  BLIND_EXPIRY(
      new Change(
          "io.kubekv.k8s.HttpKubernetesApi", "replace", MistakeAdvice.InsistentExpiry.class)),

  /** A key is given to whoever names a session, also one that has ended. */
  LOCK_WITHOUT_SESSION(new Change("io.kubekv.LockRules", "unknown", MistakeAdvice.NoRefusal.class));

  /**
   * A method that is changed.
   *
   * @param advice what it is changed with
   */
  record Change(String type, String method, Class<?> advice) {}

  private final List<Change> changes;

  Mistake(Change... changes) {
    this.changes = List.of(changes);
  }

  List<Change> changes() {
    return changes;
  }

  /** As {@code stale-reads}. */
  public String argument() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }

  static Mistake named(String argument) {
    return Arrays.stream(values())
        .filter(mistake -> mistake.argument().equals(argument))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no mistake is called " + argument));
  }
}
