package io.kubekv.transport.door;

import io.kubekv.Bytes;
import io.kubekv.KeyValueStore;
import io.kubekv.transport.decorator.LimitedStore;
import io.kubekv.transport.decorator.StoreBound;
import io.kubekv.transport.limits.Budgets;
import io.kubekv.transport.watch.Watches;
import java.util.function.ToLongFunction;

/**
 * The store as doors have it: what clients may take of it is bounded, by how a door answers.
 *
 * @param store without bounds
 * @param watches of the same
 * @param listBytes of keys and values in one listing
 * @param bound of all that the store holds
 */
public record DoorStore(
    KeyValueStore store, Watches watches, Budgets budgets, long listBytes, StoreBound bound) {
  /** For answers that are made as a whole. */
  public View inOnePiece() {
    return new View(LimitedStore.inOnePiece(store, listBytes, budgets, bound), watches);
  }

  /**
   * The same where a value is not as long in the answer as in the store.
   *
   * @param written how many bytes a value is in the answer
   */
  public View inOnePiece(ToLongFunction<Bytes> written) {
    return new View(LimitedStore.inOnePiece(store, listBytes, budgets, bound, written), watches);
  }

  /** For answers that are made piece by piece, as fast as they are taken. */
  public View inPieces() {
    return new View(LimitedStore.inPieces(store, budgets, bound), watches);
  }
}
