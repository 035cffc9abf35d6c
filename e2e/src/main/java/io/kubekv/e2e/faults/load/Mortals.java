package io.kubekv.e2e.faults.load;

import io.kubekv.e2e.faults.history.Result;
import java.time.Duration;

/** The keys with a time to live of one API at one replica; as {@link Door}. */
interface Mortals extends AutoCloseable {
  @Override
  void close();

  /** Whether a key is there: done and there, refused when it is not, or failed. */
  Result look(String key);

  Result put(String key, String value, Duration timeToLive);

  /** Refused: there is no such key. */
  Result refresh(String key, Duration timeToLive);
}
