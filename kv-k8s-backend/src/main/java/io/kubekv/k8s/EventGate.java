package io.kubekv.k8s;

import io.kubekv.Revision;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the API has brought, and how much of it the index may show: everything as long as this
 * process holds the lease, otherwise what the holder has announced. So no client sees an event
 * before the index that linearizable reads are answered from has it. The rest waits here.
 *
 * <p>Whether the lease is held is asked <em>after</em> the event came. Then the event was committed
 * before a moment at which the lease was held, and the barrier of every later holder comes after
 * it.
 *
 * <p>Not thread-safe: {@link ResourceWatch} calls it under its lock.
 */
final class EventGate {
  /** What an event costs beside key and value. */
  private static final long OVERHEAD_BYTES = 500;

  private final Index index;
  private final BooleanSupplier holding;
  private final long capacity;
  private final Deque<KubernetesApi.StreamEvent> waiting = new ArrayDeque<>();
  private KubernetesApi.@Nullable Listed list;
  private long bytes;
  private boolean overflown;
  private boolean anew;
  private Revision received = Revision.ZERO;
  private Revision announced = Revision.ZERO;
  private long store;

  /**
   * @param holding whether the lease is held now
   * @param capacity how many bytes of events may wait; beyond, the store is to be listed again
   */
  EventGate(Index index, BooleanSupplier holding, long capacity) {
    this.index = index;
    this.holding = holding;
    this.capacity = capacity;
  }

  /** How far the API has told, shown or not: from where a watch goes on. */
  Revision received() {
    return received;
  }

  /** Whether a list has come at all, shown or not. */
  boolean hasList() {
    return list != null || index.filled();
  }

  /** Whether a list has come and nothing has, shown or not, that a holder has ever left. */
  boolean isStoreNew() {
    KubernetesApi.Listed whole = list;
    return hasList()
        && !index.hasMarker()
        && (whole == null || whole.objects().stream().noneMatch(EventGate::isMarker))
        && waiting.stream().noneMatch(EventGate::bringsMarker);
  }

  /** Whether something waits to be shown. */
  boolean isWaiting() {
    return list != null || overflown || !waiting.isEmpty();
  }

  /** Whether so much waited that it was dropped: only a new list helps, once it can be shown. */
  boolean isOverflown() {
    return overflown;
  }

  /** The revision of a list that waits. */
  Optional<Revision> awaited() {
    return Optional.ofNullable(list).map(KubernetesApi.Listed::at);
  }

  /** The last revision that the holder has announced here. */
  Revision announced() {
    return announced;
  }

  /** How many events wait. */
  int backlog() {
    return waiting.size();
  }

  /** Whether what has come so far could be shown. */
  boolean isAllShowable() {
    return mayShow(received);
  }

  /**
   * Whether a list is older than what is shown here, though the holder has told of no restore: it
   * is to be asked for again.
   */
  boolean isStale(KubernetesApi.Listed listed) {
    boolean backwards = index.filled() && listed.at().isBefore(index.seen().now());
    return backwards && !anew && !holding.getAsBoolean();
  }

  /** A whole list, which takes the place of everything that waits. */
  void listed(KubernetesApi.Listed listed) {
    waiting.clear();
    bytes = 0;
    overflown = false;
    list = listed;
    received = listed.at();
    release();
  }

  /** The next event of the watch. */
  void event(KubernetesApi.StreamEvent event) {
    if (overflown) {
      return;
    }
    received = event.revision();
    if (list == null && waiting.isEmpty() && mayShow(received)) {
      show(event);
      return;
    }
    waiting.add(event);
    bytes += size(event);
    release();
    if (bytes > capacity) {
      waiting.clear();
      bytes = 0;
      overflown = true;
    }
  }

  /**
   * The holder's index has come this far.
   *
   * @param ofStore the id of the store that it serves: another one means that the API's storage was
   *     restored, and that revisions count from an older one
   * @return whether the store is another one than before, and is to be listed again
   */
  boolean announced(Revision revision, long ofStore) {
    boolean replaced = store != 0 && store != ofStore;
    anew |= replaced;
    announced = replaced ? revision : Revision.max(announced, revision);
    store = ofStore;
    if (!replaced) {
      release();
    }
    return replaced;
  }

  /** Shows what may be shown of what waits. */
  void release() {
    KubernetesApi.Listed whole = list;
    if (whole != null) {
      if (!mayShow(whole.at())) {
        return;
      }
      if (index.filled() && whole.at().isBefore(index.seen().now())) {
        announced = Revision.ZERO;
      }
      index.relisted(whole.objects(), whole.at());
      list = null;
      anew = false;
    }
    while (!waiting.isEmpty() && mayShow(waiting.getFirst().revision())) {
      KubernetesApi.StreamEvent first = waiting.removeFirst();
      bytes -= size(first);
      show(first);
    }
  }

  private boolean mayShow(Revision revision) {
    return !revision.isAfter(announced) || holding.getAsBoolean();
  }

  private void show(KubernetesApi.StreamEvent event) {
    switch (event) {
      case KubernetesApi.StreamEvent.Changed changed -> index.changed(changed.object());
      case KubernetesApi.StreamEvent.Removed removed -> index.removed(removed.object());
      case KubernetesApi.StreamEvent.Bookmark bookmark -> index.progressed(bookmark.revision());
    }
  }

  private static boolean bringsMarker(KubernetesApi.StreamEvent event) {
    return event instanceof KubernetesApi.StreamEvent.Changed changed && isMarker(changed.object());
  }

  private static boolean isMarker(ObservedObject observed) {
    return observed instanceof ObservedObject.Stored stored
        && stored.object().type() == ObjectType.MARKER;
  }

  private static long size(KubernetesApi.StreamEvent event) {
    return switch (event) {
      case KubernetesApi.StreamEvent.Changed changed -> size(changed.object());
      case KubernetesApi.StreamEvent.Removed removed -> size(removed.object());
      case KubernetesApi.StreamEvent.Bookmark bookmark -> OVERHEAD_BYTES;
    };
  }

  private static long size(ObservedObject observed) {
    return OVERHEAD_BYTES
        + switch (observed) {
          case ObservedObject.Foreign stranger -> stranger.problem().length();
          case ObservedObject.Stored stored ->
              (long) stored.object().key().text().length() + stored.object().spec().value().size();
        };
  }
}
