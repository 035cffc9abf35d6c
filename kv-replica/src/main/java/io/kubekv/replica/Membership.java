package io.kubekv.replica;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * The replicas of the store: the holder knows them by the streams that they keep open to it, the
 * others by what the holder says. Nothing of it is written anywhere. Thread-safe.
 */
final class Membership {
  private final Member self;
  private final Map<Member, Integer> followers = new ConcurrentHashMap<>();
  private final AtomicLong version = new AtomicLong();
  private volatile List<Member> heard = List.of();

  Membership(Member self) {
    this.self = self;
  }

  Member self() {
    return self;
  }

  /** A follower has opened its stream. */
  void joined(Member member) {
    followers.merge(member, 1, Integer::sum);
    version.incrementAndGet();
  }

  /** It has ended, or broken. */
  void left(Member member) {
    followers.computeIfPresent(member, (same, streams) -> streams > 1 ? streams - 1 : null);
    version.incrementAndGet();
  }

  /** Grows with every change of what {@link #following} says. */
  long version() {
    return version.get();
  }

  /** This replica and those that follow it, ordered by identity: the list of a holder. */
  List<Member> following() {
    return Stream.concat(Stream.of(self), followers.keySet().stream())
        .distinct()
        .sorted(Comparator.comparing(Member::identity))
        .toList();
  }

  /** What the holder says. */
  void hear(List<Member> members) {
    heard = List.copyOf(members);
  }

  /** The holder's list, as last heard, and this replica in any case. */
  List<Member> heard() {
    return heard.contains(self) ? heard : List.of(self);
  }
}
