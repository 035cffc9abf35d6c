package io.kubekv.zookeeper.connection;

import io.kubekv.Session;
import io.kubekv.zookeeper.session.Sessions;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * That the session of a connection lives: signs of life renew it now and then, and what is asked
 * for while that is due waits for it. Used on the event loop alone.
 */
final class Life {
  private final Connection connection;
  private final Sessions.Held session;

  /** When the session was asked to be renewed, and was. */
  private long renewed;

  private boolean renewing;

  /** What goes on once the session is renewed. */
  private @Nullable Runnable pending;

  /**
   * @param renewed when it surely lived
   */
  Life(Connection connection, Sessions.Held session, long renewed) {
    this.connection = connection;
    this.session = session;
    this.renewed = renewed;
  }

  Sessions.Held session() {
    return session;
  }

  private long now() {
    return connection.shared().now();
  }

  /** Whether the last renewal is no longer of a moment ago. */
  boolean isDue() {
    return now() - renewed >= session.note().renewal().toNanos();
  }

  /** Whether the session may have ended, since it was not renewed for as long as it lives. */
  boolean isOutlived() {
    return now() - renewed > session.note().timeToLive().toNanos();
  }

  /** For how long it lives without a sign of life from now on, in milliseconds. */
  long left() {
    long nanos = session.note().timeToLive().toNanos() - (now() - renewed);
    return Math.max(0, TimeUnit.NANOSECONDS.toMillis(nanos));
  }

  /** How long its client may be quiet, in nanoseconds. */
  long patience() {
    return TimeUnit.MILLISECONDS.toNanos(session.note().timeout());
  }

  /** Does something when the session is renewed, or was a moment ago. */
  void whenRenewed(Runnable task) {
    if (isDue()) {
      pending = task;
      renew();
    } else {
      task.run();
    }
  }

  /** The client has given a sign of life. */
  void sign() {
    if (isDue()) {
      renew();
    }
  }

  /** Asks once more, where something waits for it. */
  void tryAgain() {
    if (pending != null) {
      renew();
    }
  }

  private void renew() {
    if (renewing) {
      return;
    }
    renewing = true;
    long asked = now();
    var unused =
        connection
            .shared()
            .sessions()
            .renew(session.number())
            .whenCompleteAsync(
                (lives, failed) ->
                    connection.guarded(
                        () -> renewed(asked, failed == null, Optional.ofNullable(lives))),
                connection.wire().loop());
  }

  /** One that could not be asked for is tried again by {@link #tryAgain}. */
  private void renewed(long asked, boolean known, Optional<Optional<Session>> lives) {
    renewing = false;
    if (connection.isOver() || !known) {
      return;
    }
    Optional<Session> own = lives.flatMap(live -> live);
    if (own.isEmpty() || own.get().modifyRevision().isAfter(session.revision())) {
      connection.end(); // it is over, or another connection has it
      return;
    }
    renewed = asked;
    Runnable next = pending;
    pending = null;
    if (next != null) {
      next.run();
    }
  }

  /** What waits is not done. */
  void clear() {
    pending = null;
  }
}
