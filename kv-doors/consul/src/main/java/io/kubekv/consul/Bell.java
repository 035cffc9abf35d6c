package io.kubekv.consul;

import io.kubekv.Revision;
import io.kubekv.transport.watch.HistoryGoneException;

/** Wakes parked queries when what they ask for may have changed. */
interface Bell {
  /** For what never changes. */
  Bell SILENT = (after, parked) -> {};

  /**
   * Wakes the query once, at the first change after a revision: at once when there has been one.
   *
   * @throws HistoryGoneException when nobody remembers whether there has been one
   */
  void listen(Revision after, Parked parked) throws HistoryGoneException;
}
