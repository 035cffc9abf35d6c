package io.kubekv.consul;

import io.kubekv.Entry;
import io.kubekv.LockState;
import io.kubekv.Refused;
import io.kubekv.SessionId;
import io.kubekv.golang.Quoted;
import java.util.Optional;

/** Why an operation of a transaction was refused, in Consul's words. */
final class TxnErrors {
  private TxnErrors() {}

  static String what(TxnStep step, Refused refused) {
    if (!step.wrong().isEmpty()) {
      return step.wrong();
    }
    TxnOperation asked = step.asked();
    String key = Quoted.of(asked.key());
    return switch (asked.verb()) {
      case "get" -> "key " + key + " doesn't exist";
      case "check-not-exists" -> "key " + key + " exists";
      case "check-index" -> index(asked, refused.entry());
      case "check-session" -> session(asked, refused.entry());
      case "delete-cas" -> "failed to delete key " + key + ", index is stale";
      default -> put(asked, refused.reason());
    };
  }

  static String notHeld(TxnOperation asked) {
    return "failed to unlock key "
        + Quoted.of(asked.key())
        + ", lock isn't held, or is held by another session";
  }

  private static String index(TxnOperation asked, Optional<Entry> entry) {
    String key = Quoted.of(asked.key());
    return entry
        .map(
            found ->
                "failed index check for key "
                    + key
                    + ", current modify index "
                    + found.modifyRevision()
                    + " != "
                    + Long.toUnsignedString(asked.index()))
        .orElse("failed to check index, key " + key + " doesn't exist");
  }

  private static String session(TxnOperation asked, Optional<Entry> entry) {
    String key = Quoted.of(asked.key());
    return entry
        .map(
            found ->
                "failed session check for key "
                    + key
                    + ", current session "
                    + Quoted.of(holder(found.lock()))
                    + " != "
                    + Quoted.of(asked.session()))
        .orElse("failed to check session, key " + key + " doesn't exist");
  }

  private static String holder(LockState lock) {
    return lock.holder().map(SessionId::toString).orElse("");
  }

  private static String put(TxnOperation asked, Refused.Reason reason) {
    String key = Quoted.of(asked.key());
    return switch (reason) {
      case HELD -> "failed to lock key " + key + ", lock is already held";
      case LOCK_DELAYED -> "failed to lock key " + key + " due to lock delay";
      case NO_SESSION -> "invalid session " + Quoted.of(asked.session());
      case NOT_HELD -> notHeld(asked);
      default -> "failed to set key " + key + ", index is stale";
    };
  }
}
