package io.kubekv.e2e.faults.agent;

import java.lang.instrument.Instrumentation;
import java.nio.file.Path;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.matcher.ElementMatcher;
import net.bytebuddy.matcher.ElementMatchers;
import net.bytebuddy.utility.JavaModule;
import org.jspecify.annotations.Nullable;

/**
 * A Java agent for replicas under test. Its argument is {@code CLOCK-FILE[,MISTAKE]}. Where what it
 * is to change is not there any more, it ends the process: a mistake that is not made must not look
 * like one that does no harm.
 */
public final class Agent {
  private static final int NOT_CHANGED = 70;

  private Agent() {}

  /** Called by the virtual machine before the program. */
  public static void premain(String arguments, Instrumentation instrumentation) {
    String[] parts = arguments.split(",", 2);
    Clock.map(Path.of(parts[0]));
    change(instrumentation, "io.kubekv.k8s.lease.SystemClocks", "wall", ClockAdvice.Wall.class);
    change(
        instrumentation, "io.kubekv.k8s.lease.SystemClocks", "sinceBoot", ClockAdvice.Boot.class);
    if (parts.length > 1) {
      Mistake mistake = Mistake.named(parts[1]);
      mistake.changes().forEach(each -> change(instrumentation, each));
    }
  }

  private static void change(Instrumentation instrumentation, Mistake.Change change) {
    change(instrumentation, change.type(), change.method(), change.advice());
  }

  private static void change(
      Instrumentation instrumentation, String type, String method, Class<?> advice) {
    ElementMatcher.Junction<net.bytebuddy.description.method.MethodDescription> named =
        ElementMatchers.named(method);
    new AgentBuilder.Default()
        .with(new Failing())
        .type(ElementMatchers.named(type))
        .transform(
            (builder, found, loader, module, domain) -> {
              if (found.getDeclaredMethods().filter(named).isEmpty()) {
                throw new IllegalStateException(type + " has no method " + method);
              }
              return builder.visit(Advice.to(advice).on(named));
            })
        .installOn(instrumentation);
  }

  /** Ends the process. */
  private static final class Failing extends AgentBuilder.Listener.Adapter {
    @Override
    public void onError(
        String type,
        @Nullable ClassLoader loader,
        @Nullable JavaModule module,
        boolean loaded,
        Throwable failure) {
      System.err.println("cannot change " + type + ": " + failure);
      Runtime.getRuntime().halt(NOT_CHANGED);
    }

    @Override
    public void onTransformation(
        TypeDescription type,
        @Nullable ClassLoader loader,
        @Nullable JavaModule module,
        boolean loaded,
        net.bytebuddy.dynamic.DynamicType changed) {
      System.err.println("changed for a test: " + type.getName());
    }
  }
}
