package io.kubekv.server;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of a server that are open. */
final class Parts implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Parts.class);

  /** A part by its name. */
  record Part(String name, AutoCloseable closing) {
    /** Closes it; that this fails is logged. */
    void close() {
      try {
        closing.close();
      } catch (Exception failure) {
        log.warn("{} did not close cleanly", name, failure);
      }
    }
  }

  private final Deque<Part> open = new ArrayDeque<>();

  /** Takes a part that was opened. */
  synchronized <T extends AutoCloseable> T opened(String name, T part) {
    open.push(new Part(name, part));
    return part;
  }

  /** Closes them in the opposite order. */
  @Override
  public void close() {
    for (Part part = next(); part != null; part = next()) {
      part.close();
    }
  }

  private synchronized @Nullable Part next() {
    return open.poll();
  }
}
