package io.kubekv.etcd;

import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.WatchResponse;
import io.kubekv.Revision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds the index: reads everything once, then follows one watch, from the revision behind the last
 * that it has seen whenever the watch breaks. When etcd no longer has that revision, it reads
 * everything again.
 *
 * <p>Reading begins with a put of the guard, and is of that very revision. So the revision of the
 * index is always one at which something happened in the store, and who reads the events from etcd
 * meets it.
 */
final class Feed {
  private static final Logger LOG = LoggerFactory.getLogger(Feed.class);
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final Duration LOOK_UP = Duration.ofSeconds(1);
  private static final Duration LOAD_TIMEOUT = Duration.ofMinutes(1);

  private final Etcd etcd;
  private final EtcdKeys keys;
  private final Index index;
  private final Guard guard;
  private final Floor floor;
  private volatile boolean restored;
  private volatile Optional<EtcdStream> open = Optional.empty();
  private volatile Revision progress = Revision.ZERO;

  Feed(Etcd etcd, EtcdKeys keys, Index index, Guard guard, Floor floor) {
    this.etcd = etcd;
    this.keys = keys;
    this.index = index;
    this.guard = guard;
    this.floor = floor;
  }

  /** Tells that etcd was found at a revision before the index's: everything is read again. */
  void restored() {
    restored = true;
  }

  /** Up to where etcd's watch has told everything. */
  Revision told() {
    return Revision.max(progress, index.revision());
  }

  /** Asks etcd to say up to where that is, when nothing is on its way. */
  void askProgress() {
    open.ifPresent(EtcdStream::askProgress);
  }

  /** Runs until the index is closed. */
  void run() {
    boolean load = true;
    while (!index.isClosed()) {
      try {
        if (load || restored) {
          load();
          load = false;
        }
        load = follow(index.revision().next());
      } catch (EtcdFailure broken) {
        LOG.debug("the watch broke: {}", broken.getMessage());
        Threads.pause(PAUSE);
      } catch (InterruptedException stop) {
        return;
      } catch (RuntimeException bug) {
        LOG.error("the watch is begun anew, with everything read again", bug);
        load = true;
        Threads.pause(LOOK_UP);
      }
    }
  }

  private void load() throws EtcdFailure {
    Deadline deadline = Deadline.in(LOAD_TIMEOUT);
    restored = false;
    Revision at = guard.put(deadline);
    if (at.isBefore(index.revision())) {
      LOG.warn("etcd went back from revision {} to {}: restored?", index.revision(), at);
      floor.reset();
      progress = Revision.ZERO;
    }
    List<Mutation> mutations = new ArrayList<>();
    for (KeyValue stored : Reads.pages(etcd, List.of(keys.all()), at, deadline).stored()) {
      mutations.add(Mutation.put(stored, Optional.empty(), keys));
    }
    floor.refresh(deadline);
    index.load(new Commit(at, mutations));
    LOG.info("read {} keys from etcd at revision {}", mutations.size(), at);
  }

  /** Follows one watch to its end; whether everything has to be read again. */
  private boolean follow(Revision first) throws EtcdFailure, InterruptedException {
    Span all = keys.all();
    try (EtcdStream stream = etcd.watch(all.from(), all.end(), first.value(), false)) {
      open = Optional.of(stream);
      while (!index.isClosed() && !restored) {
        Optional<WatchResponse> answer = stream.next(LOOK_UP);
        if (answer.isPresent() && answer.get().getCanceled()) {
          floor.compactedAt(answer.get().getCompactRevision());
          LOG.info("etcd ended the watch: {}", answer.get().getCancelReason());
          return answer.get().getCompactRevision() > 0;
        }
        answer.ifPresent(this::apply);
      }
      return restored;
    } finally {
      open = Optional.empty();
    }
  }

  private void apply(WatchResponse answer) {
    Commit.of(answer.getEventsList(), keys).forEach(index::apply);
    if (answer.getEventsCount() == 0 && !answer.getCreated()) {
      progress = new Revision(answer.getHeader().getRevision());
      index.wake();
    }
  }
}
