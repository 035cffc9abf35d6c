package io.kubekv.e2e.faults.load;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where one client sits: at one replica, until it is let down there. Not thread-safe.
 *
 * @param <D> what it speaks
 */
final class Seat<D extends AutoCloseable> implements AutoCloseable {
  private final List<Endpoint> endpoints;
  private final Function<Endpoint, D> doors;
  private int at;
  private @Nullable D door;

  /**
   * @param first where to begin
   */
  Seat(List<Endpoint> endpoints, int first, Function<Endpoint, D> doors) {
    this.endpoints = List.copyOf(endpoints);
    this.doors = doors;
    this.at = Math.floorMod(first, endpoints.size());
  }

  D door() {
    D open = door;
    if (open == null) {
      open = doors.apply(endpoints.get(at));
      door = open;
    }
    return open;
  }

  /** The replica's name. */
  String replica() {
    return endpoints.get(at).name();
  }

  /** Goes to the next replica. */
  void move() {
    close();
    at = (at + 1) % endpoints.size();
  }

  @Override
  public void close() {
    D open = door;
    door = null;
    if (open != null) {
      try {
        open.close();
      } catch (Exception failed) {
        throw new IllegalStateException("a client does not close", failed);
      }
    }
  }
}
