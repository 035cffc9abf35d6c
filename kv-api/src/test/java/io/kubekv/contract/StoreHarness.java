package io.kubekv.contract;

import io.kubekv.KeyValueStore;
import java.time.Duration;

/**
 * One empty store under test, with the hands to hurt it. A test opens one, uses it from several
 * threads, and closes it. A fault that a hook asks for must really happen: a hook that does nothing
 * turns its tests into decoration, unless it says that the store cannot have this fault.
 */
public interface StoreHarness extends AutoCloseable {
  /** The store, ready; after {@link #restart} the new one. */
  KeyValueStore store();

  ClockDriver clock();

  /** How long a test waits for what must happen, on a slow machine; never reached when it does. */
  default Duration patience() {
    return Duration.ofSeconds(30);
  }

  /** Whether reads of a quiet store are answered from what this process has. */
  default boolean knowsAtOnce() {
    return true;
  }

  /** The next change that the store sends is applied, and its answer is lost. */
  void loseNextAnswer();

  /** The next change that the store sends is lost on its way and never applied. */
  void loseNextRequest();

  /**
   * From now until {@link #heal} the store reaches nothing behind it. It may still answer as long
   * as it can know.
   */
  void makeUnavailable();

  /** The store reaches everything again; it may take a while to be ready. */
  void heal();

  /** Breaks what connects the store with its backend, once; nothing to do where nothing does. */
  void dropConnections();

  /**
   * Closes the store and opens another on the same entries; it may not be ready when this returns.
   */
  void restart();

  @Override
  void close();
}
