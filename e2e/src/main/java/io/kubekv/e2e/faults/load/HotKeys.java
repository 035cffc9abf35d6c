package io.kubekv.e2e.faults.load;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The few keys that all clients use at a time. After some hundred operations they give way to new
 * ones, so that the history of each can be searched. Thread-safe.
 */
final class HotKeys {
  /** What all hot keys begin with. */
  static final String ROOT = "f/";

  private static final int KEYS = 4;
  private static final int OPERATIONS = 250 * KEYS;

  private final AtomicLong operations = new AtomicLong();
  private final AtomicInteger generation = new AtomicInteger();

  /** The directory of the keys that are in use. */
  String directory() {
    return directory(generation.get());
  }

  /** One of the keys that are in use; counts as an operation. */
  String key(int choice) {
    operations.incrementAndGet();
    return directory() + "k" + Math.floorMod(choice, KEYS);
  }

  /** The next directory, if it is time for it. */
  boolean isWornOut() {
    return operations.get() >= OPERATIONS * (generation.get() + 1L);
  }

  /** The directory that comes next, which must be made before. */
  String nextDirectory() {
    return directory(generation.get() + 1);
  }

  /** Goes on to the next directory. */
  void rotate() {
    generation.incrementAndGet();
  }

  private static String directory(int number) {
    return ROOT + "g" + number + "/";
  }
}
