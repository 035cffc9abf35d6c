package io.kubekv;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Nothing that the port gets goes by the wrappers: each method is passed on, none is left out. */
class DelegatingStoreTest {
  private static final Key KEY = Key.of("a");

  private final List<String> passedOn = new ArrayList<>();

  static Stream<Method> methodsOfStores() {
    return Arrays.stream(KeyValueStore.class.getMethods()).filter(method -> !method.isDefault());
  }

  static Stream<Method> methodsOfSessions() {
    return Arrays.stream(Sessions.class.getMethods());
  }

  @ParameterizedTest
  @MethodSource("methodsOfStores")
  void methodOfTheStore_isAbstractAndPassedOn(Method method) throws Exception {
    DelegatingStore store = new DelegatingStore(inner(KeyValueStore.class)) {};

    requirePassedOn(DelegatingStore.class, store, method);
  }

  @ParameterizedTest
  @MethodSource("methodsOfSessions")
  void methodOfTheSessions_isAbstractAndPassedOn(Method method) throws Exception {
    DelegatingSessions sessions = new DelegatingSessions(inner(Sessions.class)) {};

    requirePassedOn(DelegatingSessions.class, sessions, method);
  }

  /** A method with a body goes by whoever wraps a store, unless it is a short form of another. */
  @Test
  void methodWithABody_isAShortFormOfOneThatIsPassedOn() throws Exception {
    List<Method> withABody =
        Arrays.stream(KeyValueStore.class.getMethods()).filter(Method::isDefault).toList();
    Method whole = KeyValueStore.class.getMethod("deleteRange", DeleteRangeRequest.class);
    DelegatingStore store = new DelegatingStore(inner(KeyValueStore.class)) {};

    assertThat(withABody)
        .containsExactly(KeyValueStore.class.getMethod("deleteRange", Range.class));
    var unused = store.deleteRange(Range.all());

    assertThat(passedOn).containsExactly(whole.toString());
  }

  private void requirePassedOn(Class<?> delegating, Object on, Method method) throws Exception {
    assertThat(Modifier.isAbstract(method.getModifiers())).as("abstract in the port").isTrue();
    assertThat(delegating.getMethod(method.getName(), method.getParameterTypes()))
        .as("overridden")
        .extracting(Method::getDeclaringClass)
        .isEqualTo(delegating);

    method.invoke(on, arguments(method));

    assertThat(passedOn).containsExactly(method.toString());
  }

  private <T> T inner(Class<T> port) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          passedOn.add(method.toString());
          return nothing(method.getReturnType());
        };
    return port.cast(Proxy.newProxyInstance(port.getClassLoader(), new Class<?>[] {port}, handler));
  }

  private static @Nullable Object nothing(Class<?> type) {
    if (type == long.class) {
      return 7L;
    }
    return type == CompletableFuture.class ? new CompletableFuture<>() : null;
  }

  private static Object[] arguments(Method method) {
    return Arrays.stream(method.getParameterTypes()).map(DelegatingStoreTest::some).toArray();
  }

  private static Object some(Class<?> type) {
    List<Object> known =
        List.of(
            KEY,
            Freshness.STALE,
            ListRequest.of(Range.all()),
            PutRequest.of(KEY, Bytes.EMPTY),
            DeleteRequest.of(KEY),
            Range.all(),
            DeleteRangeRequest.of(Range.all()),
            Prefix.ALL,
            TransactionRequest.of(),
            WatchRequest.fromNow(Range.all()),
            SessionSpec.random(),
            SessionId.random(),
            Revision.ZERO,
            Duration.ZERO);
    return known.stream().filter(type::isInstance).findFirst().orElseThrow();
  }
}
