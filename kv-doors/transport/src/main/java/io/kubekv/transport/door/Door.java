package io.kubekv.transport.door;

import java.io.IOException;

/**
 * A way in for the clients of one protocol: it parses, calls the port, renders. What it needs of
 * the configuration it is made with; all else it has from its context.
 */
public interface Door {
  /** What metrics, traces and the log call it; stable. */
  String name();

  /** Where it listens. */
  ListenAddress address();

  /**
   * Listens.
   *
   * @throws IOException when it cannot, saying why
   */
  OpenDoor open(DoorContext context) throws IOException;
}
