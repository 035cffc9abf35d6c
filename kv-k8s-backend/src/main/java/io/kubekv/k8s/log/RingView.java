package io.kubekv.k8s.log;

import io.kubekv.engine.log.Log;
import io.kubekv.engine.log.LogEntry;
import io.kubekv.k8s.api.ApiObject;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ring as this replica's watch has shown it, and who hears of its entries in order.
 * Thread-safe; whoever brings news tells the listener.
 */
final class RingView {
  private static final Logger log = LoggerFactory.getLogger(RingView.class);
  private static final String WHAT_TO_DO =
      "{}. Only kubekv may write there. Nothing is lost while a replica runs: it takes a fresh"
          + " snapshot and mends the object; do not stop it before that, and find out who wrote";

  private final ReentrantLock lock = new ReentrantLock();
  private final LongSupplier trimmed;
  private final Runnable harmed;
  private Optional<Ring> ring = Optional.empty();
  private Log.@Nullable Listener listener;
  private long told;
  private long follows;
  private volatile Optional<Sent> sent = Optional.empty();

  /**
   * An entry as it was sent to its slot.
   *
   * @param text the entry in base64
   */
  private record Sent(LogEntry entry, String text) {
    /** Whether the slot says what was sent: what it holds need not be decoded then. */
    boolean standsIn(Slot.Intact slot) {
      return slot.position() == entry.position()
          && slot.epoch() == entry.epoch()
          && slot.nonce() == entry.nonce()
          && slot.entry().equals(text);
    }
  }

  /**
   * @param trimmed up to which position entries are in a snapshot, as far as is known here
   * @param harmed hears that others have changed or deleted something; must not block
   */
  RingView(LongSupplier trimmed, Runnable harmed) {
    this.trimmed = trimmed;
    this.harmed = harmed;
  }

  /**
   * This replica sends an entry. When the watch shows it as it was sent, the follower is told this
   * entry, without decoding it. Only the last one is known.
   *
   * @param text the entry in base64, as the slot holds it
   */
  void sending(LogEntry entry, String text) {
    sent = Optional.of(new Sent(entry, text));
  }

  /** How often {@link #follow} was called. */
  long followers() {
    return ask(unused -> follows).orElse(0L);
  }

  /** Reads a list that begins now: what was told, and what a snapshot has, is told no more. */
  Ring.Reading reading(int size) {
    lock.lock();
    try {
      return new Ring.Reading(size, Math.max(told, trimmed.getAsLong()));
    } finally {
      lock.unlock();
    }
  }

  /**
   * A list has shown it whole.
   *
   * @param followers how many there had been when the list began: it shows what they knew
   */
  void listed(Ring.Reading all, long followers) {
    inLock(
        () -> {
          Ring next = all.whole(told);
          ring.ifPresent(next::remember);
          if (followers == follows && told > trimmed.getAsLong()) {
            next.stood(told);
          }
          ring = Optional.of(next);
          next.damaged().forEach(slot -> damaged(Ring.told(slot)));
          tell();
        });
  }

  void changed(ApiObject object) {
    inLock(
        () -> {
          ring.flatMap(now -> now.changed(object)).ifPresent(this::damaged);
          tell();
        });
  }

  void removed(ApiObject object) {
    inLock(
        () -> {
          ring.flatMap(now -> now.removed(object)).ifPresent(this::damaged);
          tell();
        });
  }

  private void damaged(String what) {
    warn(what);
    wantSnapshot();
    harmed.run();
  }

  /** Asks whoever follows for a snapshot. */
  void wantSnapshot() {
    inLock(
        () -> {
          Log.Listener following = listener;
          if (following != null) {
            following.snapshotWanted();
          }
        });
  }

  private static void warn(String what) {
    log.error(WHAT_TO_DO, what);
  }

  /** Tells of each entry after a position, in place of the follower before. */
  void follow(long position, Log.Listener follower) {
    inLock(
        () -> {
          listener = follower;
          follows++;
          told = position;
          ring.ifPresent(now -> now.forgetUpTo(position));
          tell();
        });
  }

  /** Whether the newest entry that was told is not seen to stand, nor in a snapshot. */
  boolean lacksWhatWasTold() {
    return ask(now -> told > trimmed.getAsLong() && now.at(told).position() < told).orElse(false);
  }

  /** Whether the next entry stands, and is not in memory any more: a list brings it. */
  boolean lacksWhatIsNext() {
    return ask(now -> now.at(told + 1) instanceof Slot.Intact next && mustBeListed(next, told + 1))
        .orElse(false);
  }

  private boolean mustBeListed(Slot.Intact slot, long next) {
    return slot.position() == next
        && next > trimmed.getAsLong()
        && slot.entry().isEmpty()
        && slot.bytes() > 0;
  }

  void close() {
    inLock(() -> listener = null);
  }

  /** Asks something about the ring; empty before it is known. */
  <T> Optional<T> ask(Function<Ring, T> question) {
    lock.lock();
    try {
      return ring.map(question);
    } finally {
      lock.unlock();
    }
  }

  /** Those that others have changed or deleted. */
  List<Slot> damaged() {
    return ask(Ring::damaged).orElse(List.of());
  }

  private void inLock(Runnable task) {
    lock.lock();
    try {
      task.run();
    } finally {
      lock.unlock();
    }
  }

  private void tell() {
    while (ring.isPresent() && listener != null && tellNext(ring.get(), listener)) {
      told++;
    }
  }

  /** Whether the next entry was told. */
  private boolean tellNext(Ring now, Log.Listener follower) {
    long next = told + 1;
    return switch (now.at(next)) {
      case Slot.Intact intact -> {
        if (intact.position() < next || mustBeListed(intact, next)) {
          yield false;
        }
        yield (intact.position() == next && !intact.entry().isEmpty())
            ? decode(intact).map(entry -> told(now, follower, entry)).orElseGet(this::missed)
            : missed();
      }
      case Slot.Foreign foreign -> (foreign.position() >= next || foreign.hides()) && missed();
      case Slot.Gone gone -> (gone.position() >= next || gone.hides()) && missed();
    };
  }

  private boolean told(Ring now, Log.Listener follower, LogEntry entry) {
    long before = follows;
    now.forget(entry.position());
    follower.decided(entry);
    return listener != null && follows == before;
  }

  private Optional<LogEntry> decode(Slot.Intact slot) {
    Optional<Sent> own = sent.filter(last -> last.standsIn(slot));
    if (own.isPresent()) {
      sent = Optional.empty(); // it may be large
      return own.map(Sent::entry);
    }
    try {
      return Optional.of(slot.decode());
    } catch (IOException damaged) {
      warn("StoreLog %s: %s".formatted(slot.name(), damaged.getMessage()));
      return Optional.empty();
    }
  }

  private boolean missed() {
    Log.Listener following = listener;
    listener = null;
    if (following != null) {
      following.missed();
    }
    return false;
  }
}
