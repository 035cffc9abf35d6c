package io.kubekv.contract;

import io.kubekv.KeyValueStore;
import java.util.function.UnaryOperator;

/**
 * A store that breaks one promise.
 *
 * @param name what it does wrong
 * @param promise the number of the promise
 * @param caughtBy the test that must fail, by its method's name
 * @param spec what the store inside is asked for instead
 * @param fault what stands between the store inside and its users
 */
public record BrokenStore(
    String name,
    int promise,
    String caughtBy,
    UnaryOperator<StoreSpec> spec,
    UnaryOperator<KeyValueStore> fault) {
  BrokenStore(String name, int promise, String caughtBy, UnaryOperator<KeyValueStore> fault) {
    this(name, promise, caughtBy, UnaryOperator.identity(), fault);
  }

  @Override
  public String toString() {
    return name;
  }
}
