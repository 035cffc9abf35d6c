package io.kubekv.e2e.faults.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.reflect.Method;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What mistakes do with the product's own parts. */
public final class Reflection {
  private static final String EXPIRY = "\"cause\":\"Expire\"";

  private Reflection() {}

  /** The outcome of an expiry, repeated on the object's present revision where it was refused. */
  public static CompletableFuture<Optional<Object>> insist(
      Object api, String name, byte[] body, CompletableFuture<Optional<Object>> outcome) {
    if (!new String(body, UTF_8).contains(EXPIRY)) {
      return outcome;
    }
    return outcome.thenComposeAsync(
        failure ->
            failure.isPresent()
                ? again(api, name, body)
                : CompletableFuture.completedFuture(failure));
  }

  private static CompletableFuture<Optional<Object>> again(Object api, String name, byte[] body) {
    try {
      Method get = api.getClass().getDeclaredMethod("get", String.class);
      get.setAccessible(true);
      Object found = ((Optional<?>) get.invoke(api, name)).orElseThrow();
      Method revision = method(found, "revision");
      String now = String.valueOf(revision.invoke(found));
      String text =
          new String(body, UTF_8)
              .replaceFirst("\"resourceVersion\":\"\\d+\"", "\"resourceVersion\":\"" + now + "\"");
      Method replace = api.getClass().getDeclaredMethod("replace", String.class, byte[].class);
      replace.setAccessible(true);
      @SuppressWarnings("unchecked") // its declared result
      CompletableFuture<Optional<Object>> again =
          (CompletableFuture<Optional<Object>>) replace.invoke(api, name, text.getBytes(UTF_8));
      return again;
    } catch (ReflectiveOperationException changed) {
      throw new IllegalStateException(changed);
    }
  }

  private static Method method(Object found, String name) throws NoSuchMethodException {
    Method method = found.getClass().getMethod(name);
    method.setAccessible(true);
    return method;
  }
}
