package io.kubekv.server.grpc;

import io.kubekv.Capability;
import io.kubekv.Entry;
import io.kubekv.KeyValueStore;
import io.kubekv.Revision;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import io.kubekv.contract.ForwardingStore;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** A store each two of whose puts have one revision, to those who watch it. */
final class PairedRevisions extends ForwardingStore {
  private final KeyValueStore store;

  PairedRevisions(KeyValueStore store) {
    super(store);
    this.store = store;
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.of(Capability.SEVERAL_KEYS_TRANSACTION);
  }

  @Override
  public Watch watch(WatchRequest request) {
    Watch watch =
        request.start() instanceof WatchRequest.From from
            ? store.watch(WatchRequest.from(request.range(), first(from.first())))
            : store.watch(request);
    return new Watch() {
      @Override
      public Revision start() {
        return paired(watch.start());
      }

      @Override
      public Optional<WatchEvent> next(Duration atMost) throws InterruptedException {
        return watch.next(atMost).map(PairedRevisions::paired);
      }

      @Override
      public void close() {
        watch.close();
      }
    };
  }

  private static Revision first(Revision shared) {
    return new Revision(Math.max(0, 2 * shared.value() - 1));
  }

  private static Revision paired(Revision own) {
    return new Revision((own.value() + 1) / 2);
  }

  private static WatchEvent paired(WatchEvent event) {
    return switch (event) {
      case WatchEvent.Put put ->
          new WatchEvent.Put(paired(put.entry()), put.previous(), put.cause());
      case WatchEvent.Progress progress ->
          new WatchEvent.Progress(new Revision(progress.revision().value() / 2));
      case WatchEvent.Delete delete -> delete;
      case WatchEvent.HistoryGone gone -> gone;
    };
  }

  private static Entry paired(Entry entry) {
    return new Entry(
        entry.key(),
        entry.kind(),
        entry.value(),
        entry.flags(),
        entry.createRevision(),
        paired(entry.modifyRevision()),
        entry.version(),
        entry.expiry(),
        entry.lock());
  }
}
