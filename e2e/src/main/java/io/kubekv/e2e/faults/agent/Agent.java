package io.kubekv.e2e.faults.agent;

import java.lang.instrument.Instrumentation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.matcher.ElementMatcher;
import net.bytebuddy.matcher.ElementMatchers;
import net.bytebuddy.utility.JavaModule;
import org.jspecify.annotations.Nullable;

/**
 * A Java agent for replicas under test. Its argument is {@code CLOCK-FILE[,mistakes]}. Where what
 * it is to change is not there any more, it ends the process: a mistake that is not made must not
 * look like one that does no harm.
 */
public final class Agent {
  /** Asks for the mistakes; each is made only while the clock file says so. */
  public static final String MISTAKES = "mistakes";

  /** Begins a line of standard error for each type that was changed. */
  public static final String CHANGED = "changed for a test: ";

  /** What reads the clocks. */
  public static final String CLOCKS = "io.kubekv.k8s.lease.SystemClocks";

  private static final int NOT_CHANGED = 70;

  private Agent() {}

  /** Called by the virtual machine before the program. */
  public static void premain(String arguments, Instrumentation instrumentation) {
    String[] parts = arguments.split(",", 2);
    Clock.map(Path.of(parts[0]));
    List<Mistake.Change> changes = new ArrayList<>();
    changes.add(new Mistake.Change(CLOCKS, "wall", ClockAdvice.Wall.class));
    changes.add(new Mistake.Change(CLOCKS, "sinceBoot", ClockAdvice.Boot.class));
    if (parts.length > 1 && parts[1].equals(MISTAKES)) {
      for (Mistake mistake : Mistake.values()) {
        changes.addAll(mistake.changes());
      }
    }
    AgentBuilder builder = new AgentBuilder.Default().with(new Failing());
    for (String type : changes.stream().map(Mistake.Change::type).distinct().toList()) {
      builder =
          builder
              .type(ElementMatchers.named(type))
              .transform(
                  (change, found, loader, module, domain) -> changed(change, found, changes));
    }
    builder.installOn(instrumentation);
  }

  private static DynamicType.Builder<?> changed(
      DynamicType.Builder<?> builder, TypeDescription found, List<Mistake.Change> changes) {
    DynamicType.Builder<?> changed = builder;
    for (Mistake.Change change : changes) {
      if (change.type().equals(found.getName())) {
        if (found.getDeclaredMethods().filter(named(change)).isEmpty()) {
          throw new IllegalStateException(change.type() + " has no method " + change.method());
        }
        changed = changed.visit(Advice.to(change.advice()).on(named(change)));
      }
    }
    return changed;
  }

  private static ElementMatcher.Junction<MethodDescription> named(Mistake.Change change) {
    return change.method().equals(Mistake.Change.CONSTRUCTOR)
        ? ElementMatchers.isConstructor()
        : ElementMatchers.named(change.method());
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
        DynamicType changed) {
      System.err.println(CHANGED + type.getName());
    }
  }
}
