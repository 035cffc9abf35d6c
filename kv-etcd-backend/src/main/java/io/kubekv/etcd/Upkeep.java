package io.kubekv.etcd;

import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.kubekv.Revision;
import java.time.Duration;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks every second whether etcd answers, what it has forgotten, and that our guard is kept. */
final class Upkeep {
  private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
  private static final Duration EVERY = Duration.ofSeconds(1);

  private final Etcd etcd;
  private final Index index;
  private final Guard guard;
  private final Floor floor;
  private final Feed feed;
  private final Health health;
  private final Duration requestTimeout;
  private volatile OptionalLong cluster = OptionalLong.empty();

  Upkeep(
      Etcd etcd,
      Index index,
      Guard guard,
      Floor floor,
      Feed feed,
      Health health,
      Duration requestTimeout) {
    this.etcd = etcd;
    this.index = index;
    this.guard = guard;
    this.floor = floor;
    this.feed = feed;
    this.health = health;
    this.requestTimeout = requestTimeout;
  }

  /** Etcd's number for its cluster, once it has told. */
  OptionalLong cluster() {
    return cluster;
  }

  /** Runs until the index is closed. */
  void run() {
    while (!index.isClosed()) {
      try {
        look(Deadline.in(requestTimeout));
        health.well();
      } catch (EtcdFailure failed) {
        if (!index.isClosed()) {
          LOG.debug("etcd does not answer", failed);
          health.ill("etcd does not answer: " + failed.getMessage());
          etcd.reconnect();
        }
      } catch (RuntimeException bug) {
        LOG.error("etcd is looked at again", bug);
        health.ill("etcd could not be looked at: " + bug);
      }
      if (!Threads.pause(EVERY)) {
        return;
      }
    }
  }

  private void look(Deadline deadline) throws EtcdFailure {
    Revision before = index.revision();
    RangeRequest question =
        RangeRequest.newBuilder().setKey(guard.span().from()).setCountOnly(true).build();
    RangeResponse answer = etcd.range(question, deadline);
    cluster = OptionalLong.of(answer.getHeader().getClusterId());
    if (new Revision(answer.getHeader().getRevision()).isBefore(before)) {
      feed.restored();
    }
    guard.keep(deadline);
    floor.refresh(deadline);
  }
}
