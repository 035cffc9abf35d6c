package io.kubekv.engine.history;

import io.kubekv.Revision;
import io.kubekv.engine.state.State;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * The revisions of a history, by the page, within the bytes that they may hold on to. One thread at
 * a time adds and forgets; any thread reads.
 */
final class Pages {
  /** A page is no larger than this part of them all: so much is forgotten at once. */
  private static final int LEAST = 16;

  private final long maxBytes;
  private final ConcurrentNavigableMap<Revision, Page> pages = new ConcurrentSkipListMap<>();
  private final Remade remade = new Remade();
  private @Nullable Page newest;
  private long bytes;

  Pages(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** The pages with the steps at or after a revision, in order, with some before it; a view. */
  Collection<Page> from(Revision first) {
    Revision page = pages.floorKey(first);
    return (page == null ? pages : pages.tailMap(page, true)).values();
  }

  /** The state as it stood at a revision, which is not after the last one; empty when forgotten. */
  Optional<State> at(Revision revision) {
    Optional<Page> page = of(revision);
    Optional<State> state = page.map(there -> remade.at(there, revision));
    if (!of(revision).equals(page)) { // forgotten meanwhile, and not to be held on to
      remade.forget();
    }
    return state;
  }

  /** The page of a revision, or the last one before it. */
  private Optional<Page> of(Revision revision) {
    return Optional.ofNullable(pages.floorEntry(revision)).map(Map.Entry::getValue);
  }

  /**
   * Adds the newest step.
   *
   * @param before the state before it
   */
  void add(Step step, State before) {
    newest = add(step, before, newest);
  }

  /** Adds a step to a page, or to a new one when that has no room; that page. */
  private Page add(Step step, State before, @Nullable Page page) {
    Page to = page;
    if (to == null || to.isFull() || to.bytes() > maxBytes / LEAST) {
      to = new Page(before);
      pages.put(step.revision(), to);
    }
    to.add(step);
    bytes += step.bytes();
    return to;
  }

  /**
   * Adds the newest of earlier steps, as many as there is room for.
   *
   * @return how many there was no room for
   */
  int addEarlier(List<Step> earlier) {
    int from = earlier.size();
    long more = bytes;
    while (from > 0 && more + earlier.get(from - 1).bytes() <= maxBytes) {
      from--;
      more += earlier.get(from).bytes();
    }
    @Nullable Page page = null;
    for (Step step : earlier.subList(from, earlier.size())) {
      page = add(step, State.EMPTY, page);
    }
    return from;
  }

  /** Where they begin when so much is forgotten that they are not too large; all but one page. */
  Optional<Revision> needed() {
    Optional<Revision> needed = Optional.empty();
    if (bytes <= maxBytes) {
      return needed;
    }
    long left = bytes;
    for (Page page : pages.values()) {
      if (left <= maxBytes || page == newest) {
        return needed;
      }
      left -= page.bytes();
      needed = Optional.of(page.next());
    }
    return needed;
  }

  /** Forgets the pages that hold nothing from a revision on. */
  void forgetBefore(Revision first) {
    for (Page page : pages.values()) {
      if (page.next().isAfter(first)) {
        break;
      }
      pages.pollFirstEntry();
      bytes -= page.bytes();
      newest = page == newest ? null : newest;
    }
    remade.forget();
  }

  void clear() {
    pages.clear();
    remade.forget();
    newest = null;
    bytes = 0;
  }
}
