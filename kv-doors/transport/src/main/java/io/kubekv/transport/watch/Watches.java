package io.kubekv.transport.watch;

import io.kubekv.UnavailableException;
import java.util.function.Function;

/** Where doors let their clients wait for changes. Thread-safe. */
public interface Watches {
  /**
   * Begins a watch. Blocks while it reads the past, on the caller's thread.
   *
   * @param wanted what the client wants
   * @param open called once, when it is sure that no event has been missed, before the first event;
   *     its argument ends the watch at any time, from any thread
   * @throws HistoryGoneException when the store no longer remembers the first event wanted
   * @throws UnavailableException when the store cannot be watched now
   */
  void watch(WatchRequirements wanted, Function<Runnable, Sink> open) throws HistoryGoneException;

  /** How many watches there are, all clients' together. */
  int watchers();
}
