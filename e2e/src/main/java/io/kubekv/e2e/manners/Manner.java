package io.kubekv.e2e.manners;

import io.kubekv.e2e.Finding;
import java.io.IOException;
import java.util.function.Consumer;

/** One situation, set up, measured and taken away again. Blocks until then. */
@FunctionalInterface
interface Manner {
  void examine(Scene scene, Consumer<Finding> findings) throws IOException;
}
