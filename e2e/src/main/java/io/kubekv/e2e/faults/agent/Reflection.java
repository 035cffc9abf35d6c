package io.kubekv.e2e.faults.agent;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** What mistakes do with the product's own parts. Thread-safe. */
public final class Reflection {
  private static final String SLOTS = "storelogs";

  /** What a key's name has in it whose changes a mistake leaves out. */
  private static final String LEFT_OUT = "left-out";

  private static final Map<Object, Optional<?>> REPEATED =
      Collections.synchronizedMap(new WeakHashMap<>());

  private Reflection() {}

  /** Answers those whose change is on its way to the log. */
  public static void answer(Object tail) {
    Optional<?> flight = (Optional<?>) call(tail, "flight");
    if (flight.isPresent()) {
      List<?> waiting = (List<?>) call(flight.get(), "answers");
      waiting.forEach(each -> call(each, "answer"));
    }
  }

  /**
   * The outcome of a replacement, repeated on the slot's present version where it was refused.
   *
   * @param arguments kind, name, version, content, note
   */
  public static CompletableFuture<Void> insist(
      Object api, Object[] arguments, CompletableFuture<Void> outcome) {
    return call(arguments[0], "plural").equals(SLOTS)
        ? outcome.exceptionallyCompose(
            failed ->
                isConflict(failed) ? again(api, arguments) : CompletableFuture.failedFuture(failed))
        : outcome;
  }

  private static boolean isConflict(Throwable failed) {
    Throwable cause = failed.getCause() == null ? failed : failed.getCause();
    return cause.getClass().getSimpleName().equals("ApiCallException")
        && call(cause, "failure").getClass().getSimpleName().equals("Conflict");
  }

  @SuppressWarnings("unchecked") // their declared results
  private static CompletableFuture<Void> again(Object api, Object[] arguments) {
    CompletableFuture<Optional<Object>> found =
        (CompletableFuture<Optional<Object>>) call(api, "get", arguments[0], arguments[1]);
    return found.thenCompose(
        slot -> {
          Object present = slot.orElseThrow();
          ObjectNode content = (ObjectNode) arguments[3];
          content.put("edition", (long) call(present, "generation") + 1);
          return (CompletableFuture<Void>)
              call(
                  api,
                  "replace",
                  arguments[0],
                  arguments[1],
                  call(present, "version"),
                  content,
                  arguments[4]);
        });
  }

  /** Whether an event is about a key that is to be left out. */
  public static boolean isToBeLeftOut(Object event) {
    return String.valueOf(event).contains(LEFT_OUT);
  }

  /** What a watch has told and is to tell once more; null when there is nothing. */
  public static @Nullable Optional<?> toBeRepeated(Object watch) {
    return REPEATED.remove(watch);
  }

  /** Has a put told once more. */
  public static void repeat(Object watch, Optional<?> event) {
    if (event.filter(told -> told.getClass().getSimpleName().equals("Put")).isPresent()) {
      REPEATED.put(watch, event);
    }
  }

  /** The expiry of a key, of the revision that it has now. */
  public static Object ofPresentRevision(Object expiry, Object draft) {
    Object key = call(expiry, "key");
    Optional<?> entry = (Optional<?>) call(call(draft, "state"), "get", key);
    return entry.isPresent()
        ? make(expiry.getClass(), key, call(entry.get(), "modifyRevision"))
        : expiry;
  }

  private static Object make(Class<?> type, Object... arguments) {
    try {
      Constructor<?> constructor = type.getDeclaredConstructors()[0];
      constructor.setAccessible(true);
      return constructor.newInstance(arguments);
    } catch (ReflectiveOperationException changed) {
      throw new IllegalStateException(changed);
    }
  }

  /** Calls the method of this name with so many parameters; null when it returns nothing. */
  private static Object call(Object of, String name, Object... arguments) {
    try {
      Method method =
          Arrays.stream(of.getClass().getDeclaredMethods())
              .filter(each -> each.getName().equals(name) && !each.isBridge())
              .filter(each -> each.getParameterCount() == arguments.length)
              .findFirst()
              .orElseThrow(() -> new NoSuchMethodException(of.getClass() + "." + name));
      method.setAccessible(true);
      return method.invoke(of, arguments);
    } catch (ReflectiveOperationException changed) {
      throw new IllegalStateException(changed);
    }
  }
}
