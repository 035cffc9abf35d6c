package io.kubekv.etcd;

import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.UnavailableException;
import io.kubekv.WatchRequest;
import java.time.Duration;

/** Begins watches. Thread-safe. */
final class Watches {
  private final Etcd etcd;
  private final EtcdKeys keys;
  private final Index index;
  private final Floor floor;
  private final Reads reads;
  private final Duration patience;

  Watches(Etcd etcd, EtcdKeys keys, Index index, Floor floor, Reads reads, Duration patience) {
    this.etcd = etcd;
    this.keys = keys;
    this.index = index;
    this.floor = floor;
    this.reads = reads;
    this.patience = patience;
  }

  /** Asks etcd once where the beginning is not a revision that the caller names. */
  EtcdWatch open(WatchRequest request, Deadline deadline) {
    if (index.isClosed()) {
      throw new UnavailableException("the store is closed");
    }
    return switch (request.start()) {
      case WatchRequest.Now now -> {
        Revision start = reads.revision(deadline);
        yield begin(request.range(), start.next(), start, start);
      }
      case WatchRequest.From from ->
          begin(request.range(), from.first(), from.first(), index.revision());
      case WatchRequest.Oldest oldest -> {
        refreshFloor(deadline);
        Revision first = floor.oldest();
        yield begin(request.range(), first, first, index.revision());
      }
    };
  }

  private void refreshFloor(Deadline deadline) {
    try {
      floor.refresh(deadline);
    } catch (EtcdFailure failed) {
      throw failed.asNotApplied();
    }
  }

  private EtcdWatch begin(Range range, Revision first, Revision start, Revision replayedTo) {
    return index.read(
        () ->
            new EtcdWatch(
                index,
                from -> new Replay(etcd, keys, floor, from, index.revision()),
                key -> reads.get(key, Deadline.in(patience)),
                floor,
                range,
                first,
                start,
                replayedTo));
  }
}
