package io.kubekv.page;

import io.kubekv.Await;
import io.kubekv.Freshness;
import io.kubekv.KeyValueStore;
import io.kubekv.ListRequest;
import io.kubekv.Range;
import io.kubekv.StoreStatus;
import io.kubekv.page.cost.CostTable;
import io.kubekv.page.cost.LiveCost;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The screen that says how the store is. Who may read every key may see it. */
final class StoreScreen {
  private final KeyValueStore store;
  private final PageSettings settings;

  StoreScreen(KeyValueStore store, PageSettings settings) {
    this.store = store;
    this.settings = settings;
  }

  /**
   * Groups of figures.
   *
   * @param cost what the store costs now
   */
  record Screen(List<PageDoor.Figures> groups, CostTable cost) {}

  void answer(Call call) {
    // which is refused to who may not
    Await.read(store.list(ListRequest.of(Range.all()).withLimit(1), Freshness.STALE));
    List<PageDoor.Figures> groups = new ArrayList<>();
    groups.add(new PageDoor.Figures("Store", status(store.status())));
    groups.addAll(settings.figures().get());
    CostTable cost = LiveCost.of(store, settings.serving().get(), settings.looks());
    call.answer("store", new Frame("Store", "store", ""), new Screen(groups, cost));
  }

  private List<PageDoor.Figure> status(StoreStatus status) {
    return List.of(
        new PageDoor.Figure(
            "State", status.ready() ? "ready" : "not ready: " + Visible.of(status.reason()), ""),
        new PageDoor.Figure("Keys", String.format(Locale.ROOT, "%,d", status.entries()), ""),
        new PageDoor.Figure("Memory", Value.size(status.bytes()), "of keys, values and sessions"),
        new PageDoor.Figure("Revision", status.revision().toString(), "of the latest change"),
        new PageDoor.Figure(
            "Oldest revision", status.oldest().toString(), "from which on changes are remembered"),
        new PageDoor.Figure("Store id", String.format("%016x", store.id()), ""));
  }
}
