package io.kubekv.cli.terminal;

import java.lang.reflect.Proxy;
import java.util.function.Consumer;

/**
 * Signals of the operating system, without the end of the virtual machine that they mean otherwise.
 * By reflection, because the compiler warns of {@code sun.misc.Signal}, which has no successor.
 */
public final class Signals {
  private Signals() {}

  /**
   * Calls {@code handler} with the signal's name, such as {@code TERM}, from now on. Where the
   * virtual machine lacks signals nothing happens, and they end it as ever.
   */
  public static void handle(String name, Consumer<String> handler) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handling = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(),
              new Class<?>[] {handling},
              (self, method, arguments) -> {
                handler.accept(name);
                return null;
              });
      var unused =
          signal
              .getMethod("handle", signal, handling)
              .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
    } catch (ReflectiveOperationException | IllegalArgumentException missing) {
      System.getLogger(Signals.class.getName())
          .log(System.Logger.Level.DEBUG, "no handling of signal " + name, missing);
    }
  }
}
