package io.kubekv.contract;

import io.kubekv.Layout;
import io.kubekv.ListRequest;
import io.kubekv.PutMode;
import io.kubekv.Range;

/** One step of a random sequence; what a guard compares with is known only when it runs. */
sealed interface Operation {
  /** What a change asks of the key as it is when its turn comes. */
  enum Guard {
    NONE,
    ABSENT,
    PRESENT,
    REVISION_IS,
    REVISION_WAS,
    VALUE_IS,
    VALUE_IS_NOT,
    BOTH_ARE
  }

  record Put(
      String key,
      String value,
      boolean directory,
      boolean mortal,
      Guard guard,
      PutMode mode,
      Layout layout)
      implements Operation {
    boolean compares() {
      return guard.ordinal() >= Guard.REVISION_IS.ordinal();
    }
  }

  record Delete(String key, Guard guard, Layout layout, boolean directory) implements Operation {
    boolean compares() {
      return guard.ordinal() >= Guard.REVISION_IS.ordinal();
    }
  }

  record DeleteRange(Range range) implements Operation {}

  record List(ListRequest request) implements Operation {}

  /** Everything mortal runs out. */
  record Pass() implements Operation {}
}
