package io.kubekv.etcd;

import io.etcd.jetcd.api.WatchResponse;
import java.time.Duration;
import java.util.Optional;

/**
 * One watch at etcd, pulled: what is not asked for stays at etcd. For one thread but for {@link
 * #askProgress} and {@link #close}.
 */
interface EtcdStream extends AutoCloseable {
  /**
   * The next answer, waiting up to {@code atMost}; empty when none came in time.
   *
   * @throws EtcdFailure when the stream has ended
   */
  Optional<WatchResponse> next(Duration atMost) throws EtcdFailure, InterruptedException;

  /**
   * Asks for an answer without events once all events up to now have come; its header says which
   * revision that is. While some are on their way there is none.
   */
  void askProgress();

  @Override
  void close();
}
