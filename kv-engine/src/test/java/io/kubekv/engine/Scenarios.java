package io.kubekv.engine;

import java.lang.reflect.Method;
import java.util.List;
import java.util.stream.Stream;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;

/** Scenarios that Lincheck is to try in any case, beside those it draws. */
public final class Scenarios {
  private Scenarios() {}

  /**
   * Operations by their names.
   *
   * @param before what happens first, alone
   * @param first what one thread does then
   * @param second what another one does meanwhile
   * @param after what happens last, alone
   */
  public static ExecutionScenario of(
      Class<?> operations,
      List<String> before,
      List<String> first,
      List<String> second,
      List<String> after) {
    return new ExecutionScenario(
        actors(operations, before),
        List.of(actors(operations, first), actors(operations, second)),
        actors(operations, after),
        null);
  }

  private static List<Actor> actors(Class<?> operations, List<String> names) {
    return names.stream().map(name -> new Actor(method(operations, name), List.of())).toList();
  }

  private static Method method(Class<?> operations, String name) {
    return Stream.of(operations.getMethods())
        .filter(method -> method.getName().equals(name) && method.getParameterCount() == 0)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no operation " + name));
  }
}
