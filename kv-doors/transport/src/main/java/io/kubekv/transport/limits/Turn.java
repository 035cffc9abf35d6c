package io.kubekv.transport.limits;

/**
 * A request that waits for its turn. Exactly one of the two methods is called, unless it is gone.
 */
public interface Turn {
  /** It may begin. Must not block. */
  void begin(Use use);

  /** It has waited for too long. Must not block. */
  void refuse(OverLimitException why);

  /** Whether nobody waits for the answer any more. */
  boolean isGone();
}
