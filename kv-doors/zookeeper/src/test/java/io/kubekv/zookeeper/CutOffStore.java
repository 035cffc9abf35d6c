package io.kubekv.zookeeper;

import io.kubekv.DelegatingStore;
import io.kubekv.Freshness;
import io.kubekv.KeyValueStore;
import io.kubekv.Revision;
import io.kubekv.UnavailableException;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import io.kubekv.contract.ForwardingWatch;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A store that a test can cut off: then no event comes, and nobody can say what is the latest. */
public class CutOffStore extends DelegatingStore {
  private volatile boolean cutOff;

  public CutOffStore(KeyValueStore inner) {
    super(inner);
  }

  /** From now on. */
  public final void cutOff() {
    cutOff = true;
  }

  /** An event is about to be looked for. */
  protected void looking() {}

  @Override
  public CompletableFuture<Revision> revision(Freshness freshness) {
    return cutOff
        ? CompletableFuture.failedFuture(new UnavailableException("of the test"))
        : inner().revision(freshness);
  }

  @Override
  public Watch watch(WatchRequest request) {
    return new CutOffWatch(inner().watch(request));
  }

  private final class CutOffWatch extends ForwardingWatch {
    CutOffWatch(Watch inner) {
      super(inner);
    }

    @Override
    public Optional<WatchEvent> next(Duration atMost) throws InterruptedException {
      looking();
      return cutOff ? Optional.empty() : super.next(atMost);
    }

    @Override
    public void whenReady(Runnable wake) {
      if (!cutOff) {
        super.whenReady(wake);
      }
    }
  }
}
