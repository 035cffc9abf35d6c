package io.kubekv.e2e.attacks;

import io.kubekv.e2e.Finding;
import java.io.IOException;
import java.util.function.Consumer;

/** One way to harm a server, tried from the outside. */
interface Attack {
  /** How it is asked for on the command line. */
  String name();

  /** What is done, in half a line. */
  String about();

  /** Whether it measures how long others wait, and so nothing else may be done meanwhile. */
  default boolean needsQuiet() {
    return true;
  }

  /** Does it and judges what became of the server. Blocks until it is over, for a bounded time. */
  void examine(Rig rig, Consumer<Finding> findings) throws IOException;
}
