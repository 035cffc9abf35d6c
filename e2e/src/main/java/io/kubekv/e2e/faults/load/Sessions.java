package io.kubekv.e2e.faults.load;

import io.kubekv.e2e.faults.history.Result;
import java.time.Duration;

/** The sessions and locks of one API at one replica; as {@link Door}. */
interface Sessions extends AutoCloseable {
  @Override
  void close();

  /** What became of the begin of a session, and its id if it has one. */
  record Begun(Result result, String id) {}

  Begun begin(Duration timeToLive);

  /** Refused: there is no such session. */
  Result renew(String id);

  Result end(String id);

  /** Stores a value in the name of a session that is to hold the key. */
  Door.Acquired acquire(String key, String id, String value);

  Result release(String key, String id);
}
