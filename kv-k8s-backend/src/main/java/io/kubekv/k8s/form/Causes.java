package io.kubekv.k8s.form;

import io.kubekv.Cause;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** The form of a {@link Cause} in {@code spec.cause}: {@code CompareAndSwap} and the like. */
final class Causes {
  private static final Set<String> TEXTS =
      Arrays.stream(Cause.values()).map(Causes::text).collect(Collectors.toSet());

  private Causes() {}

  static String text(Cause cause) {
    return switch (cause) {
      case SET -> "Set";
      case CREATE -> "Create";
      case UPDATE -> "Update";
      case COMPARE_AND_SWAP -> "CompareAndSwap";
      case REFRESH -> "Refresh";
      case PARENT -> "Parent";
      case DELETE -> "Delete";
      case COMPARE_AND_DELETE -> "CompareAndDelete";
      case EXPIRE -> "Expire";
      case ACQUIRE -> "Acquire";
      case RELEASE -> "Release";
      case SESSION_END -> "SessionEnd";
    };
  }

  /** Fails with {@link IllegalArgumentException} when it is none. */
  static void require(String text) {
    if (!TEXTS.contains(text)) {
      throw new IllegalArgumentException("spec.cause is none of ours");
    }
  }
}
