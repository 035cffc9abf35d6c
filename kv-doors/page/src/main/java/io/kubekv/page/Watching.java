package io.kubekv.page;

import io.kubekv.Await;
import io.kubekv.Freshness;
import io.kubekv.KeyValueStore;
import io.kubekv.Prefix;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.transport.door.View;
import io.kubekv.transport.http.Header;
import io.kubekv.transport.http.ResponseStream;
import io.kubekv.transport.limits.Budget;
import io.kubekv.transport.limits.Use;
import io.kubekv.transport.watch.HistoryGoneException;
import io.kubekv.transport.watch.WatchRequirements;
import io.kubekv.transport.watch.Watches;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The screen that shows changes as they happen, and the stream behind it. */
final class Watching {
  private static final int BEFORE = 25;

  private final KeyValueStore store;
  private final Watches watches;
  private final PageSettings settings;

  Watching(View view, PageSettings settings) {
    this.store = view.store();
    this.watches = view.watches();
    this.settings = settings;
  }

  /**
   * The latest changes, and where further ones come from.
   *
   * @param before the newest first
   */
  record Screen(String prefix, String prefixText, String events, List<Happening> before) {}

  void screen(Call call) {
    Prefix prefix = call.query().prefix();
    History history = History.of(store, new Range.WithPrefix(prefix));
    List<Happening> before =
        history.changes().stream()
            .limit(BEFORE)
            .map(change -> Happening.of(change, false))
            .toList();
    Revision latest =
        history.changes().isEmpty() ? history.upTo() : history.changes().getFirst().revision();
    Revision next = Revision.max(history.upTo(), latest).next();
    call.answer(
        "watch",
        new Frame("Changes", "watch", prefix.text()),
        new Screen(Visible.of(prefix.text()), prefix.text(), Urls.events(prefix, next), before));
  }

  /** Begins a stream. A browser that lost one says how far it has seen. */
  void events(Call call) {
    Range range = new Range.WithPrefix(call.query().prefix());
    Optional<Place> seen = call.exchange().header("Last-Event-ID").flatMap(Place::parse);
    LiveStream live = new LiveStream(range, seen.orElse(Place.START));
    String client = Use.current().flatMap(Use::budget).map(Budget::client).orElse("");
    settings.streams().add(client, live);
    try {
      watch(range, seen.map(Place::revision).orElseGet(() -> since(call)), live);
      ResponseStream to =
          call.exchange().stream(
              200,
              headers(),
              () -> {
                settings.streams().remove(client, live);
                live.end();
              });
      settings.threads().execute(() -> live.send(to));
    } catch (RuntimeException notBegun) {
      settings.streams().remove(client, live);
      live.end();
      throw notBegun;
    }
  }

  private static List<Header> headers() {
    List<Header> headers = new ArrayList<>(Page.SHIELD);
    headers.add(new Header("Content-Type", "text/event-stream"));
    headers.add(new Header("X-Accel-Buffering", "no"));
    return headers;
  }

  private Revision since(Call call) {
    return call.query()
        .revision("since")
        .orElseGet(() -> Await.read(store.revision(Freshness.LINEARIZABLE)).next());
  }

  private void watch(Range range, Revision since, LiveStream live) {
    try {
      begin(range, since, live);
    } catch (HistoryGoneException gone) {
      live.missed();
      fromNow(range, live);
    }
  }

  private void fromNow(Range range, LiveStream live) {
    try {
      begin(range, Await.read(store.revision(Freshness.LINEARIZABLE)).next(), live);
    } catch (HistoryGoneException gone) {
      throw new PageError(503, "The store does not tell its history now.");
    }
  }

  private void begin(Range range, Revision since, LiveStream live) throws HistoryGoneException {
    watches.watch(
        new WatchRequirements(range, since, true, (all, event) -> true),
        end -> {
          live.opened(end);
          return live;
        });
  }
}
