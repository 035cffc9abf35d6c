package io.kubekv.etcdv3;

import io.kubekv.KeyValueStore;
import io.kubekv.Sessions;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A store whose calls a test hears of before they are made, and may fail. */
final class Meddled {
  private Meddled() {}

  /**
   * @param before takes the name of the verb ("sessions." before those of sessions); what it throws
   *     is how the call fails
   */
  static KeyValueStore of(KeyValueStore store, Consumer<String> before) {
    Sessions sessions = of(Sessions.class, store.sessions(), "sessions.", before, null);
    return of(KeyValueStore.class, store, "", before, sessions);
  }

  private static <T> T of(
      Class<T> type, T real, String prefix, Consumer<String> before, @Nullable Sessions sessions) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              try {
                before.accept(prefix + method.getName());
              } catch (RuntimeException failure) {
                return failed(method, failure);
              }
              return sessions != null && method.getName().equals("sessions")
                  ? sessions
                  : called(real, method, arguments);
            }));
  }

  @SuppressWarnings("FutureReturnValueIgnored") // it is what the method returns
  private static Object failed(Method method, RuntimeException failure) {
    if (method.getReturnType() == CompletableFuture.class) {
      return CompletableFuture.failedFuture(failure);
    }
    throw failure;
  }

  private static @Nullable Object called(Object real, Method method, Object @Nullable [] arguments)
      throws Throwable {
    try {
      return method.invoke(real, arguments);
    } catch (InvocationTargetException failed) {
      throw failed.getTargetException();
    }
  }
}
