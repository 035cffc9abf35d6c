package io.kubekv.k8s.view;

import io.kubekv.KeyValueStore;
import io.kubekv.OutcomeUnknownException;
import io.kubekv.Precondition;
import io.kubekv.PutRequest;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/** A store whose puts with a precondition do not always tell what became of them. */
final class UncertainStore {
  private enum Loss {
    NONE,
    REQUEST,
    ANSWER
  }

  private Loss next = Loss.NONE;

  /** The next put is done, and said to be unknown. */
  void loseNextAnswer() {
    next = Loss.ANSWER;
  }

  /** The next put is not done, and said to be unknown. */
  void loseNextRequest() {
    next = Loss.REQUEST;
  }

  KeyValueStore over(KeyValueStore store) {
    return (KeyValueStore)
        Proxy.newProxyInstance(
            KeyValueStore.class.getClassLoader(),
            new Class<?>[] {KeyValueStore.class},
            (proxy, method, arguments) -> call(store, method, arguments));
  }

  private static boolean isComparing(Object @Nullable [] arguments) {
    return arguments != null
        && arguments[0] instanceof PutRequest put
        && !put.precondition().equals(Precondition.NONE);
  }

  private @Nullable Object call(KeyValueStore store, Method method, Object @Nullable [] arguments)
      throws Throwable {
    Loss loss = isComparing(arguments) ? next : Loss.NONE;
    if (loss != Loss.NONE) {
      next = Loss.NONE;
    }
    if (loss == Loss.REQUEST) {
      throw new OutcomeUnknownException("lost");
    }
    try {
      Object answer = method.invoke(store, arguments);
      if (loss == Loss.ANSWER) {
        throw new OutcomeUnknownException("lost");
      }
      return answer;
    } catch (InvocationTargetException failed) {
      throw failed.getCause();
    }
  }
}
