package io.kubekv.e2e.faults.load;

import io.kubekv.e2e.faults.history.Action;
import io.kubekv.e2e.faults.history.ListSeen;
import io.kubekv.e2e.faults.history.Result;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One API at one replica. Each method sends one call, once, and says what is known of it; none
 * throws for what the other side does. They block for some seconds at most. Not thread-safe.
 */
interface Door extends AutoCloseable {
  /**
   * A list.
   *
   * @param revision at which it stands
   */
  record Listing(List<ListSeen.Item> items, long revision) {}

  /**
   * An acquisition.
   *
   * @param token the fencing token; 0 when it is not told
   */
  record Acquired(Result result, long token) {}

  /** The API's name. */
  String name();

  /** What this API can do to a key. */
  Set<Action> actions();

  /**
   * Does something to a key.
   *
   * @param value what it stores
   * @param expected the revision that a comparison names
   */
  Answer call(Action action, String key, String value, long expected);

  /** All keys that begin with a prefix, which ends in a slash; empty when there was no answer. */
  Optional<Listing> list(String prefix);

  @Override
  void close();
}
