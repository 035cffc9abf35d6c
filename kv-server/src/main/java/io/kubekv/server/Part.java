package io.kubekv.server;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A part of the server, by its name. */
record Part(String name, AutoCloseable closing) {
  private static final Logger log = LoggerFactory.getLogger(Part.class);

  /** Closes it; that this fails is logged. */
  void close() {
    try {
      closing.close();
    } catch (Exception failure) {
      log.warn("{} did not close cleanly", name, failure);
    }
  }
}
