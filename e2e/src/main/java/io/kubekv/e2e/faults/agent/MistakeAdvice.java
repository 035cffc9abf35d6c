package io.kubekv.e2e.faults.agent;

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

  /** In the place of a linearizable read: asks the index as it is. */
  static final class NoLease {
    private NoLease() {}

    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static Object enter(@Advice.This Object reads, @Advice.Argument(0) Object question) {
      return Reflection.staleAnswer(reads, question);
    }

    @Advice.OnMethodExit
    static void exit(
        @Advice.Enter Object answer,
        @Advice.Return(readOnly = false, typing = Assigner.Typing.DYNAMIC) Object returned) {
      returned = answer;
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
