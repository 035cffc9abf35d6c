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

  /**
   * The one that this process is started with.
   *
   * @throws IllegalArgumentException saying what there is, when it is none of these
   */
  static Core chosen() {
    return of(System.getProperty(PROPERTY, LOG.name()));
  }

  static Core of(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "objects" -> OBJECTS;
      case "log" -> LOG;
      default ->
          throw new IllegalArgumentException(
              "-D%s=%s: there are \"objects\" and \"log\"".formatted(PROPERTY, name));
    };
  }
}
