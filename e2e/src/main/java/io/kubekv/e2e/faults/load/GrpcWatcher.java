package io.kubekv.e2e.faults.load;

import io.kubekv.Entry;
import io.kubekv.StoreException;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.e2e.faults.history.History;
import io.kubekv.e2e.faults.history.WatchSeen;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Watches over gRPC, at one replica while it brings something or is silent. */
final class GrpcWatcher extends Watcher {
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final Duration SILENCE = Duration.ofSeconds(5);

  private final Seat<GrpcDoor> seat;

  GrpcWatcher(
      String name, String prefix, List<Endpoint> endpoints, int first, History history, Pace pace) {
    super(name, prefix, history, pace);
    this.seat = new Seat<>(endpoints, first, at -> new GrpcDoor(at, PATIENCE));
  }

  @Override
  long begin() {
    return seat.door().list(prefix()).map(Door.Listing::revision).orElse(-1L);
  }

  @Override
  void follow(long after) {
    try (Watch watch = seat.door().watch(prefix(), after)) {
      while (true) {
        Optional<WatchEvent> event = watch.next(SILENCE);
        if (event.isEmpty()) {
          letDown();
          return;
        }
        if (!see(event.get()) && !watch.isWithinRevision()) {
          return;
        }
      }
    } catch (StoreException failed) {
      letDown();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("a watcher was interrupted", e);
    }
  }

  /** Whether the stream goes on and there is more to see. */
  private boolean see(WatchEvent event) {
    switch (event) {
      case WatchEvent.Put put -> put(put);
      case WatchEvent.Delete delete -> deleted(delete);
      case WatchEvent.Progress progress -> skipTo(progress.revision().value());
      case WatchEvent.HistoryGone told -> gap(WatchSeen.Kind.GONE);
    }
    return !(event instanceof WatchEvent.HistoryGone) && !isDone();
  }

  private void put(WatchEvent.Put put) {
    Entry entry = put.entry();
    if (entry.isDirectory()) {
      skipTo(put.revision().value());
    } else {
      put(
          entry.key().text(),
          entry.value().asText().orElseThrow(),
          put.revision().value(),
          GrpcDoor.sight(put.previous()));
    }
  }

  private void deleted(WatchEvent.Delete delete) {
    if (delete.previous().isDirectory()) {
      skipTo(delete.revision().value());
    } else {
      deleted(
          delete.previous().key().text(),
          delete.revision().value(),
          GrpcDoor.sight(Optional.of(delete.previous())));
    }
  }

  @Override
  void move() {
    seat.move();
  }

  @Override
  String replica() {
    return seat.replica();
  }

  @Override
  void close() {
    seat.close();
  }
}
