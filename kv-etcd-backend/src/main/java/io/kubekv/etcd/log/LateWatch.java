package io.kubekv.etcd.log;

import java.time.Duration;

/**
 * Doubts the watch of a follower that tells nothing for a second though etcd has answered an append
 * of a later entry; looks as long as the watch is behind. Thread-safe.
 */
final class LateWatch {
  private static final Duration LATE = Duration.ofSeconds(1);

  private final Follower follower;
  private final Later later;
  private long answered;
  private boolean looking;

  LateWatch(Follower follower, Later later) {
    this.follower = follower;
    this.later = later;
  }

  /** An entry stands at this position: the watch tells of it soon, or is looked after. */
  synchronized void answered(long position) {
    answered = Math.max(answered, position);
    if (!looking) {
      lookLater();
    }
  }

  private synchronized void lookLater() {
    long told = follower.told().position();
    looking = told < answered && !follower.isOver();
    if (looking) {
      later.run(LATE, () -> look(told));
    }
  }

  private void look(long before) {
    if (follower.told().position() == before) {
      follower.rewatch();
    }
    lookLater();
  }
}
