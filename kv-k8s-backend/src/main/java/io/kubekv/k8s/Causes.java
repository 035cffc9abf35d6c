package io.kubekv.k8s;

import io.kubekv.Cause;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** The form of a {@link Cause} in {@code spec.cause}: {@code CompareAndSwap} and the like. */
final class Causes {
  private static final Map<String, Cause> BY_TEXT =
      Arrays.stream(Cause.values()).collect(Collectors.toMap(Causes::text, cause -> cause));

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

  /** {@link IllegalArgumentException} when it is none. */
  static Cause parse(String text) {
    Cause cause = BY_TEXT.get(text);
    if (cause == null) {
      throw new IllegalArgumentException("spec.cause is none of ours");
    }
    return cause;
  }
}
