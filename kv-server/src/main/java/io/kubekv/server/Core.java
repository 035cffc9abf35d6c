package io.kubekv.server;

import java.util.Locale;

/**
 * Which core keeps the store. The engine over a log replaces that of one object or key for each
 * entry; until it has passed every check it is chosen by {@code -Dkubekv.core=log}, and that choice
 * goes with the former.
 */
enum Core {
  OBJECTS,
  LOG;

  private static final String PROPERTY = "kubekv.core";

  /** The one that this process is started with. */
  static Core chosen() {
    return valueOf(System.getProperty(PROPERTY, OBJECTS.name()).toUpperCase(Locale.ROOT));
  }
}
