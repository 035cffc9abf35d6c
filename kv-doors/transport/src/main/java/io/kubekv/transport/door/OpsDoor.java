package io.kubekv.transport.door;

import io.kubekv.transport.access.Dialect;
import io.kubekv.transport.http.HttpHandler;
import java.util.Map;

/**
 * A door without a port of its own: it is a part of the operations pages.
 *
 * @param port that of those; 0 as long as it is any free one
 */
record OpsDoor(int port, Map<String, HttpHandler> pages, Dialect dialect) implements OpenDoor {
  OpsDoor {
    pages = Map.copyOf(pages);
  }

  @Override
  public void close() {
    dialect.close();
  }
}
