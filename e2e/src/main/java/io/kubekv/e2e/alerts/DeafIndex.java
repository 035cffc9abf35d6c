package io.kubekv.e2e.alerts;

import java.lang.instrument.Instrumentation;
import java.time.Duration;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.matcher.ElementMatchers;

/**
 * A Java agent that makes a kubekv overhear the removal of objects, and compare its index with the
 * API every other second. Where there is nothing to change any more, no alert comes.
 */
public final class DeafIndex {
  private DeafIndex() {}

  /** Called by the virtual machine before the program. */
  public static void premain(String arguments, Instrumentation instrumentation) {
    change(instrumentation, "io.kubekv.k8s.Index", "removed", Deaf.class);
    change(instrumentation, "io.kubekv.k8s.KubernetesStoreConfig", "auditInterval", Often.class);
  }

  private static void change(
      Instrumentation instrumentation, String type, String method, Class<?> advice) {
    new AgentBuilder.Default()
        .type(ElementMatchers.named(type))
        .transform(
            (builder, found, loader, module, domain) ->
                builder.visit(Advice.to(advice).on(ElementMatchers.named(method))))
        .installOn(instrumentation);
  }

  /** Leaves a method out. */
  static final class Deaf {
    private Deaf() {}

    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static boolean enter() {
      return true;
    }
  }

  /** Says two seconds. */
  static final class Often {
    private Often() {}

    @Advice.OnMethodExit
    static void exit(@Advice.Return(readOnly = false) Duration interval) {
      interval = Duration.ofSeconds(2);
    }
  }
}
