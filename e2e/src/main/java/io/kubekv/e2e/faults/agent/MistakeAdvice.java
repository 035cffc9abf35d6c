package io.kubekv.e2e.faults.agent;

import io.kubekv.Freshness;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;

/** What the mistakes put in the place of the product's methods, or around them. */
final class MistakeAdvice {
  private MistakeAdvice() {}

  /** In the place of a check. */
  static final class AlwaysTrue {
    private AlwaysTrue() {}

    @Advice.OnMethodExit
    static void exit(@Advice.Return(readOnly = false) boolean checked) {
      checked = true;
    }
  }

  /** In the place of a refusal. */
  static final class NoRefusal {
    private NoRefusal() {}

    @Advice.OnMethodExit
    static void exit(
        @Advice.Return(readOnly = false, typing = Assigner.Typing.DYNAMIC) Object refused) {
      refused = Optional.empty();
    }
  }

  /** Before a read: what it asks for is forgotten. */
  static final class AnyFreshness {
    private AnyFreshness() {}

    @Advice.OnMethodEnter
    static void enter(@Advice.Argument(value = 1, readOnly = false) Freshness asked) {
      asked = Freshness.STALE;
    }
  }

  /** In the place of a new beginning behind a gap: shows the new state and tells nobody. */
  static final class NoGap {
    private NoGap() {}

    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static boolean enter(@Advice.Argument(2) Runnable publish) {
      publish.run();
      return true;
    }
  }

  /** After a replacement that was refused because of another revision: replaces that one. */
  static final class InsistentExpiry {
    private InsistentExpiry() {}

    @Advice.OnMethodExit
    static void exit(
        @Advice.This Object api,
        @Advice.Argument(0) String name,
        @Advice.Argument(1) byte[] body,
        @Advice.Return(readOnly = false) CompletableFuture<Optional<Object>> outcome) {
      outcome = Reflection.insist(api, name, body, outcome);
    }
  }
}
