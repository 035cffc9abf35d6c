package io.kubekv.page;

import io.kubekv.Await;
import io.kubekv.Freshness;
import io.kubekv.KeyValueStore;
import io.kubekv.ListRequest;
import io.kubekv.Range;
import io.kubekv.StoreStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** The screen that says how the store is. Who may read every key may see it. */
final class StoreScreen {
  private final KeyValueStore store;
  private final Supplier<List<PageDoor.Figures>> figures;

  StoreScreen(KeyValueStore store, Supplier<List<PageDoor.Figures>> figures) {
    this.store = store;
    this.figures = figures;
  }

  /** Groups of figures. */
  record Screen(List<PageDoor.Figures> groups) {}

  void answer(Call call) {
    // which is refused to who may not
    Await.read(store.list(ListRequest.of(Range.all()).withLimit(1), Freshness.STALE));
    List<PageDoor.Figures> groups = new ArrayList<>();
    groups.add(new PageDoor.Figures("Store", status(store.status())));
    groups.addAll(figures.get());
    call.answer("store", new Frame("Store", "store", ""), new Screen(groups));
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
