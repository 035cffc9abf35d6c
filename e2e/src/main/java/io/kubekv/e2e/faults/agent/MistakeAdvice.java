package io.kubekv.e2e.faults.agent;

import io.kubekv.Attachment;
import io.kubekv.Freshness;
import io.kubekv.PutRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;
import org.jspecify.annotations.Nullable;

/** What the mistakes put in the place of the product's methods, or around them. */
final class MistakeAdvice {
  private MistakeAdvice() {}

  /** In the place of the question whether the lease is held. */
  static final class AlwaysHeld {
    private AlwaysHeld() {}

    @Advice.OnMethodExit
    static void exit(@Advice.Return(readOnly = false) boolean held) {
      held |= Clock.makes(Mistake.UNCHECKED_LEASE);
    }
  }

  /** In the place of the question whether an answer says that a change is done. */
  static final class AlwaysDone {
    private AlwaysDone() {}

    @Advice.OnMethodExit
    static void exit(@Advice.Return(readOnly = false) boolean done) {
      done |= Clock.makes(Mistake.ACKNOWLEDGED_BY_ANSWER);
    }
  }

  /** In the place of a refusal. */
  static final class NoRefusal {
    private NoRefusal() {}

    @Advice.OnMethodExit
    static void exit(
        @Advice.Return(readOnly = false, typing = Assigner.Typing.DYNAMIC) Object refused) {
      if (Clock.makes(Mistake.LOCK_WITHOUT_SESSION)) {
        refused = Optional.empty();
      }
    }
  }

  /** Before a read: what it asks for is forgotten. */
  static final class AnyFreshness {
    private AnyFreshness() {}

    @Advice.OnMethodEnter
    static void enter(@Advice.Argument(value = 1, readOnly = false) Freshness asked) {
      if (Clock.makes(Mistake.STALE_READS)) {
        asked = Freshness.STALE;
      }
    }
  }

  /** In the place of what is in the log: what is decided. */
  static final class Prepared {
    private Prepared() {}

    @Advice.OnMethodExit
    static void exit(
        @Advice.Argument(value = 1, typing = Assigner.Typing.DYNAMIC) Object prepared,
        @Advice.Return(readOnly = false, typing = Assigner.Typing.DYNAMIC) Object read) {
      if (Clock.makes(Mistake.DIRTY_READS)) {
        read = prepared;
      }
    }
  }

  /** Before what was decided is forgotten: those hear that it is done who wait for the log. */
  static final class Answering {
    private Answering() {}

    @Advice.OnMethodEnter
    static void enter(
        @Advice.FieldValue(value = "tail", typing = Assigner.Typing.DYNAMIC) Object tail) {
      if (Clock.makes(Mistake.OVERTAKEN_IS_DONE)) {
        Reflection.answer(tail);
      }
    }
  }

  /** After a replacement that was refused because of another version: replaces that one. */
  static final class Overwriting {
    private Overwriting() {}

    @Advice.OnMethodExit
    static void exit(
        @Advice.This Object api,
        @Advice.AllArguments Object[] arguments,
        @Advice.Return(readOnly = false) CompletableFuture<Void> outcome) {
      if (Clock.makes(Mistake.UNFENCED_APPEND)) {
        outcome = Reflection.insist(api, arguments, outcome);
      }
    }
  }

  /** Before a way to the API is made: a request may take a minute. */
  static final class Patient {
    private Patient() {}

    @SuppressWarnings("UnusedVariable") // the advised method reads it
    @Advice.OnMethodEnter
    static void enter(@Advice.Argument(value = 2, readOnly = false) Duration timeout) {
      timeout = Duration.ofMinutes(1);
    }
  }

  /** In the place of the question whether a watch gets an event. */
  static final class LeavingOut {
    private LeavingOut() {}

    @Advice.OnMethodExit
    static void exit(
        @Advice.Argument(value = 1, typing = Assigner.Typing.DYNAMIC) Object event,
        @Advice.Return(readOnly = false) boolean concerned) {
      concerned &= !(Clock.makes(Mistake.EVENT_LEFT_OUT) && Reflection.isToBeLeftOut(event));
    }
  }

  /** Every other time in the place of the next event: the one before, again. */
  static final class Repeating {
    private Repeating() {}

    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static @Nullable Optional<?> enter(@Advice.This Object watch) {
      return Reflection.toBeRepeated(watch);
    }

    @Advice.OnMethodExit
    static void exit(
        @Advice.This Object watch,
        @Advice.Enter @Nullable Optional<?> again,
        @Advice.Return(readOnly = false) Optional<?> next) {
      if (again == null) {
        if (Clock.makes(Mistake.EVENT_TWICE)) {
          Reflection.repeat(watch, next);
        }
      } else {
        next = again;
      }
    }
  }

  /** Before an expiry: it is about whatever revision the key has. */
  static final class AnyRevision {
    private AnyRevision() {}

    @Advice.OnMethodEnter
    static void enter(
        @Advice.Argument(value = 0, readOnly = false, typing = Assigner.Typing.DYNAMIC)
            Object expiry,
        @Advice.Argument(value = 1, typing = Assigner.Typing.DYNAMIC) Object draft) {
      if (Clock.makes(Mistake.BLIND_EXPIRY)) {
        expiry = Reflection.ofPresentRevision(expiry, draft);
      }
    }
  }

  /** In the place of how long a session lives. */
  static final class Impatient {
    private Impatient() {}

    @Advice.OnMethodExit
    static void exit(@Advice.Return(readOnly = false) Duration lives) {
      if (Clock.makes(Mistake.EPHEMERAL_GONE_EARLY)) {
        lives = lives.dividedBy(4);
      }
    }
  }

  /** In the place of the put that makes a node. */
  static final class Detached {
    private Detached() {}

    @Advice.OnMethodExit
    static void exit(@Advice.Return(readOnly = false) PutRequest made) {
      if (Clock.makes(Mistake.EPHEMERAL_ORPHANED)) {
        made = made.withAttachment(Attachment.DETACH);
      }
    }
  }

  /** In the place of how recent a read must be. */
  static final class AnyState {
    private AnyState() {}

    @Advice.OnMethodExit
    static void exit(@Advice.Return(readOnly = false) Freshness asked) {
      if (Clock.makes(Mistake.READ_OF_THE_PAST)) {
        asked = Freshness.STALE;
      }
    }
  }

  /** In the place of how recent the revision must be that a sync answers with. */
  static final class NoSync {
    private NoSync() {}

    @SuppressWarnings("UnusedVariable") // the advised method reads it
    @Advice.OnMethodEnter
    static void enter(@Advice.Argument(value = 0, readOnly = false) Freshness asked) {
      if (Clock.makes(Mistake.READ_OF_THE_PAST)) {
        asked = Freshness.STALE;
      }
    }
  }
}
