package io.kubekv.etcd;

import io.kubekv.Revision;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Finds out how etcd is, and how far the watch of this process lags behind it. */
final class Standing {
  /** For the members to answer in, and then for the watch to tell what they have. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private static final Duration ASK_AGAIN = Duration.ofMillis(100);

  private final Etcd etcd;
  private final Index index;
  private final Feed feed;
  private final String prefix;

  Standing(Etcd etcd, Index index, Feed feed, String prefix) {
    this.etcd = etcd;
    this.index = index;
    this.feed = feed;
    this.prefix = prefix;
  }

  /** Asks; takes two seconds at most. */
  EtcdCluster ask(OptionalLong id) {
    List<EtcdCluster.Member> members = etcd.members(Deadline.in(PATIENCE));
    Revision latest =
        members.stream()
            .flatMap(member -> member.state().stream())
            .map(EtcdCluster.State::revision)
            .reduce(Revision.ZERO, Revision::max);
    Optional<Duration> lag = latest.equals(Revision.ZERO) ? Optional.empty() : lag(latest);
    return new EtcdCluster(prefix, id, latest, feed.told(), lag, members);
  }

  /** How long it takes until the watch has told all up to a revision. */
  private Optional<Duration> lag(Revision latest) {
    long begun = System.nanoTime();
    Deadline deadline = Deadline.in(PATIENCE);
    try {
      while (feed.told().isBefore(latest)) {
        if (deadline.passed() || index.isClosed()) {
          return Optional.empty();
        }
        feed.askProgress();
        index.await(() -> !feed.told().isBefore(latest), deadline.butWithin(ASK_AGAIN));
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
    return Optional.of(Duration.ofNanos(System.nanoTime() - begun));
  }
}
