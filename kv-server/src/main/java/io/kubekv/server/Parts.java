package io.kubekv.server;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** The parts of a server that are open. */
final class Parts implements AutoCloseable {
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
