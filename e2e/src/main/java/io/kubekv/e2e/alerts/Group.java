package io.kubekv.e2e.alerts;

import java.io.IOException;
import java.util.Set;

/** Troubles of one store, which are made one after the other. */
interface Group {
  /** The alerts that they must cause. */
  Set<String> alerts();

  /** Makes them. Blocks. */
  void play(Stage stage) throws IOException;
}
