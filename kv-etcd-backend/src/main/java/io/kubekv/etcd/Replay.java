package io.kubekv.etcd;

import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.WatchResponse;
import io.kubekv.Revision;
import io.kubekv.WatchEvent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Events that this process no longer has, or never had, read from etcd: from one revision to
 * another, at which something is known to have happened in the store. Not thread-safe but for
 * {@link #close}.
 */
final class Replay implements AutoCloseable {
  /** What came of looking for the next event. */
  sealed interface Step {}

  record Found(WatchEvent event) implements Step {}

  /** All up to the last revision was delivered. */
  record Done() implements Step {}

  /** Nothing came in time. */
  record NotYet() implements Step {}

  /** Etcd no longer has them. */
  record Gone() implements Step {}

  private final Etcd etcd;
  private final EtcdKeys keys;
  private final Floor floor;
  private final Revision last;
  private final Deque<WatchEvent> ready = new ArrayDeque<>();
  private Revision next;
  private volatile Optional<EtcdStream> stream = Optional.empty();

  Replay(Etcd etcd, EtcdKeys keys, Floor floor, Revision first, Revision last) {
    this.etcd = etcd;
    this.keys = keys;
    this.floor = floor;
    this.next = first;
    this.last = last;
  }

  /** The revision behind which everybody has the events. */
  Revision last() {
    return last;
  }

  Step step(Duration atMost) throws InterruptedException {
    if (ready.isEmpty()) {
      if (next.isAfter(last)) {
        return new Done();
      }
      if (next.isBefore(floor.oldest())) {
        return new Gone();
      }
      Optional<Step> end = receive(atMost);
      if (end.isPresent()) {
        return end.get();
      }
    }
    return ready.isEmpty() ? new NotYet() : new Found(ready.removeFirst());
  }

  /** Takes one answer; whether it ends the replay. */
  private Optional<Step> receive(Duration atMost) throws InterruptedException {
    try {
      Optional<WatchResponse> answer = open().next(atMost);
      if (answer.isEmpty()) {
        return Optional.of(new NotYet());
      }
      if (answer.get().getCanceled()) {
        floor.compactedAt(answer.get().getCompactRevision());
        return Optional.of(new Gone());
      }
      List<Event> events = answer.get().getEventsList();
      if (events.stream().anyMatch(this::hasLostWhatWasBefore)) {
        return Optional.of(new Gone());
      }
      Commit.of(events, keys).forEach(this::add);
      return Optional.empty();
    } catch (EtcdFailure broken) {
      close();
      stream = Optional.empty();
      Thread.sleep(Duration.ofMillis(20));
      return Optional.of(new NotYet());
    }
  }

  private void add(Commit commit) {
    if (!commit.revision().isAfter(last)) {
      ready.addAll(commit.events((key, carried) -> carried));
    }
    next = commit.revision().next();
  }

  /** The value before an event was compacted, although the event was not. */
  private boolean hasLostWhatWasBefore(Event event) {
    boolean had = event.getType() == Event.EventType.DELETE || event.getKv().getVersion() > 1;
    return had
        && !event.hasPrevKv()
        && keys.place(event.getKv().getKey()) instanceof EtcdKeys.EntryOf;
  }

  private EtcdStream open() {
    if (stream.isEmpty()) {
      Span all = keys.all();
      stream = Optional.of(etcd.watch(all.from(), all.end(), next.value(), true));
    }
    return stream.get();
  }

  @Override
  public void close() {
    stream.ifPresent(EtcdStream::close);
  }
}
