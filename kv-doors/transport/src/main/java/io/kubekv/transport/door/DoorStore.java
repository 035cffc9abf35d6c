package io.kubekv.transport.door;

import io.kubekv.KeyValueStore;
import io.kubekv.transport.decorator.StoreBound;
import io.kubekv.transport.limits.Budgets;
import io.kubekv.transport.watch.Watches;

/**
 * The store as doors have it: what clients may take of it is bounded, by how a door answers.
 *
 * @param store without bounds, and whose changes name nobody: to look at, and not to change
 * @param watches of the same
 * @param listBytes of keys and values in one listing
 * @param bound of all that the store holds
 */
public record DoorStore(
    KeyValueStore store, Watches watches, Budgets budgets, long listBytes, StoreBound bound) {
  /** What an API sees of it. */
  public DoorViews by(String api) {
    return new DoorViews(this, api);
  }
}
