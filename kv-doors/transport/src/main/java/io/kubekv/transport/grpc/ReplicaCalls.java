package io.kubekv.transport.grpc;

import io.grpc.Context;

/** Which calls are proven to come from a replica, where users have no names. */
public final class ReplicaCalls {
  private static final Context.Key<Boolean> PROVEN =
      Context.keyWithDefault("kubekv-replica-proven", false);

  private ReplicaCalls() {}

  /** Whether the call that the current thread works on is. */
  public static boolean isProven() {
    return PROVEN.get();
  }

  /** The current context, of a call that is. */
  static Context proven() {
    return Context.current().withValue(PROVEN, true);
  }
}
