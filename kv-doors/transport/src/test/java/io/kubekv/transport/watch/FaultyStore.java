package io.kubekv.transport.watch;

import io.kubekv.DelegatingStore;
import io.kubekv.KeyValueStore;
import io.kubekv.Revision;
import io.kubekv.UnavailableException;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A store whose watches fail on demand; everything else is the store's behind it. */
final class FaultyStore extends DelegatingStore {
  private static final Duration SLICE = Duration.ofMillis(20);

  private final Set<FaultyWatch> open = ConcurrentHashMap.newKeySet();
  private volatile Revision oldest = Revision.ZERO;
  private volatile boolean failing;

  FaultyStore(KeyValueStore store) {
    super(store);
  }

  /** Watches from before this revision are told that the history begins here. */
  void forgetBefore(Revision revision) {
    oldest = revision;
  }

  /** The watches open now deliver no event any more, also none that they are about to deliver. */
  void hideEvents() {
    open.forEach(watch -> watch.hiding = true);
  }

  /** The watches open now end, telling that the history begins here. */
  void loseHistory(Revision revision, WatchEvent... differences) {
    WatchEvent.HistoryGone told = new WatchEvent.HistoryGone(revision, List.of(differences));
    open.forEach(watch -> watch.gone = Optional.of(told));
  }

  /** Whether new watches are refused. */
  void failWatches(boolean fail) {
    failing = fail;
  }

  int watchesOpen() {
    return open.size();
  }

  @Override
  public Watch watch(WatchRequest request) {
    if (failing) {
      throw new UnavailableException("planned by the test");
    }
    FaultyWatch watch = new FaultyWatch(super.watch(request));
    if (request.start() instanceof WatchRequest.From from && from.first().isBefore(oldest)) {
      watch.gone = Optional.of(new WatchEvent.HistoryGone(oldest));
    }
    open.add(watch);
    return watch;
  }

  private final class FaultyWatch implements Watch {
    private final Watch watch;
    private volatile boolean hiding;
    private volatile boolean closed;
    private volatile Optional<WatchEvent> gone = Optional.empty();

    FaultyWatch(Watch watch) {
      this.watch = watch;
    }

    @Override
    public Revision start() {
      return watch.start();
    }

    @Override
    public Optional<WatchEvent> next(Duration atMost) throws InterruptedException {
      long end = System.nanoTime() + atMost.toNanos();
      while (!closed && System.nanoTime() < end) {
        if (gone.isPresent()) {
          return gone;
        }
        Optional<WatchEvent> event = hiding ? pause() : watch.next(SLICE);
        if (event.isPresent() && !hiding) {
          return event;
        }
      }
      return Optional.empty();
    }

    private Optional<WatchEvent> pause() throws InterruptedException {
      Thread.sleep(SLICE);
      return Optional.empty();
    }

    @Override
    public boolean isWithinRevision() {
      return watch.isWithinRevision();
    }

    @Override
    public void whenReady(Runnable wake) {
      watch.whenReady(wake);
    }

    @Override
    public void close() {
      closed = true;
      open.remove(this);
      watch.close();
    }
  }
}
