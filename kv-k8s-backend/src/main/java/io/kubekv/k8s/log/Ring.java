package io.kubekv.k8s.log;

import io.kubekv.engine.log.LogEntry;
import io.kubekv.k8s.api.ApiObject;
import io.kubekv.k8s.snapshot.DamagedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The slots of a log, as the API has shown them: position {@code p} stands in slot {@code p} modulo
 * their number. Not thread-safe.
 */
final class Ring {
  private static final String PREFIX = "log-";

  /** Within so many entries a slot is to be used again soon. */
  private static final int SOON = 64;

  private final Slot[] slots;

  /** What all intact slots hold, and the highest position there; -1 while that is not known. */
  private long bytes;

  private long newest = -1;

  /** Why entries after the position that is known may be lost; empty when they are not. */
  private Optional<String> lost = Optional.empty();

  private Ring(Slot[] slots) {
    this.slots = slots;
  }

  /** The one way to change a slot. */
  private void set(int index, Slot slot) {
    Slot before = slots[index];
    slots[index] = slot;
    bytes += bytes(slot) - bytes(before);
    if (slot instanceof Slot.Intact intact && newest >= 0 && intact.position() >= newest) {
      newest = intact.position();
    } else if (before instanceof Slot.Intact intact && intact.position() == newest) {
      newest = -1;
    }
  }

  private static long bytes(Slot slot) {
    return slot instanceof Slot.Intact intact ? intact.bytes() : 0;
  }

  /** Takes in what a list shows, object by object. */
  static final class Reading {
    private final Ring ring;
    private final long keptAfter;

    /**
     * @param keptAfter entries up to this position are not kept in memory
     */
    Reading(int size, long keptAfter) {
      this.keptAfter = keptAfter;
      this.ring =
          new Ring(
              IntStream.range(0, size)
                  .mapToObj(index -> new Slot.Gone(name(index), 0, false))
                  .toArray(Slot[]::new));
    }

    void take(ApiObject object) {
      int index = ring.indexOf(object.name());
      if (index >= 0) {
        Slot slot = Slot.read(object, index, ring.slots.length);
        ring.set(
            index,
            slot instanceof Slot.Intact intact && intact.position() <= keptAfter
                ? intact.withoutEntry()
                : slot);
      }
    }

    /**
     * All has been shown; where the next entry belongs, harm may hide one.
     *
     * @param known a position that is known to have stood
     */
    Ring whole(long known) {
      ring.judge(known);
      return ring;
    }
  }

  private void judge(long known) {
    if (known > newest() && at(known) instanceof Slot.Intact intact) {
      lost = Optional.of(told(intact.wentBack(known, true)));
    }
    long newest = Math.max(known, newest());
    for (int index = 0; index < slots.length; index++) {
      set(index, judged(slots[index], index, newest));
    }
  }

  /** Entries up to a position are not needed in memory any more. */
  void forgetUpTo(long position) {
    for (int index = 0; index < slots.length; index++) {
      if (slots[index] instanceof Slot.Intact intact && intact.position() <= position) {
        set(index, intact.withoutEntry());
      }
    }
  }

  /** An entry is not needed in memory any more. */
  void forget(long position) {
    if (at(position) instanceof Slot.Intact intact && intact.position() == position) {
      set((int) (position % slots.length), intact.withoutEntry());
    }
  }

  static String name(int index) {
    return PREFIX + "%05d".formatted(index);
  }

  private int indexOf(String name) {
    try {
      int index = name.startsWith(PREFIX) ? Integer.parseInt(name.substring(PREFIX.length())) : -1;
      return index >= 0 && index < slots.length && slots[index].name().equals(name) ? index : -1;
    } catch (NumberFormatException others) {
      return -1;
    }
  }

  /** Where the entry after the newest one belongs, it may have stood. */
  private Slot judged(Slot slot, int index, long newest) {
    long lap = newest - Math.floorMod(newest - index, (long) slots.length);
    boolean hides = (newest + 1) % slots.length == index;
    long last = Math.max(0, lap);
    return switch (slot) {
      case Slot.Intact intact -> intact.position() < last ? intact.wentBack(last, hides) : intact;
      case Slot.Foreign foreign -> foreign.at(last, hides);
      case Slot.Gone gone -> new Slot.Gone(gone.name(), last, hides);
    };
  }

  /** A position is known to have stood: where its slot is behind it, that has gone back. */
  void stood(long position) {
    if (at(position) instanceof Slot.Intact intact && intact.position() < position) {
      set((int) (position % slots.length), intact.wentBack(position, false));
    }
  }

  /** The same after a list, with what was known before it. */
  void remember(Ring before) {
    for (int i = 0; i < slots.length && slots.length == before.slots.length; i++) {
      set(i, remembered(slots[i], before.slots[i]));
    }
  }

  private static Slot remembered(Slot now, Slot before) {
    if (now instanceof Slot.Intact intact) {
      return intact.position() < before.position()
          ? intact.wentBack(before.position(), hides(before))
          : intact;
    }
    if (now instanceof Slot.Foreign foreign && foreign.wentBack()) {
      return foreign.at(Math.max(foreign.position(), before.position()), hides(before));
    }
    if (now instanceof Slot.Foreign foreign) {
      boolean same =
          before instanceof Slot.Foreign then && then.version().equals(foreign.version());
      boolean oneChange =
          before instanceof Slot.Intact then
              && then.uid().equals(foreign.uid())
              && then.generation() + 1 == foreign.generation();
      return same ? before : oneChange ? foreign.at(before.position(), false) : now;
    }
    return now instanceof Slot.Gone && before instanceof Slot.Gone ? before : now;
  }

  /**
   * An object was made or changed.
   *
   * @return what is wrong with it, if that is new
   */
  Optional<String> changed(ApiObject object) {
    int index = indexOf(object.name());
    if (index < 0) {
      return Optional.empty();
    }
    Slot before = slots[index];
    Slot now = Slot.read(object, index, slots.length);
    if (now instanceof Slot.Intact intact && intact.position() < before.position()) {
      now = intact.wentBack(before.position(), hides(before));
    }
    if (now instanceof Slot.Foreign foreign) {
      set(index, foreign.at(before.position(), hides(before)));
      return Optional.of("StoreLog %s: %s".formatted(foreign.name(), foreign.why()));
    }
    set(index, now);
    return Optional.empty();
  }

  /** An object was deleted; what is wrong with that. One that stands there no more is no news. */
  Optional<String> removed(ApiObject object) {
    int index = indexOf(object.name());
    if (index < 0
        || (slots[index] instanceof Slot.Intact next && !next.uid().equals(object.uid()))) {
      return Optional.empty();
    }
    Slot before = slots[index];
    set(index, new Slot.Gone(object.name(), before.position(), hides(before)));
    return Optional.of("StoreLog %s: it was deleted".formatted(object.name()));
  }

  private static boolean hides(Slot slot) {
    return switch (slot) {
      case Slot.Intact intact -> false;
      case Slot.Foreign foreign -> foreign.hides();
      case Slot.Gone gone -> gone.hides();
    };
  }

  int size() {
    return slots.length;
  }

  /** The slot where a position belongs. */
  Slot at(long position) {
    return slots[(int) (position % slots.length)];
  }

  /** The highest position that is seen to stand; 0 when nothing does. */
  long newest() {
    if (newest < 0) {
      newest = 0;
      for (Slot slot : slots) {
        if (slot instanceof Slot.Intact intact) {
          newest = Math.max(newest, intact.position());
        }
      }
    }
    return newest;
  }

  /** About how large all entries are that stand. */
  long bytes() {
    return bytes;
  }

  /** About how large the entries after a position are. */
  long bytesAfter(long position) {
    long bytes = 0;
    for (Slot slot : slots) {
      if (slot instanceof Slot.Intact intact && intact.position() > position) {
        bytes += intact.bytes();
      }
    }
    return bytes;
  }

  /**
   * The largest entries without which no more than so many bytes stand.
   *
   * @param upTo what stands after this position stays, and what is to be used again soon
   */
  List<Slot.Intact> inExcess(long upTo, long mostBytes) {
    long soon = newest() - slots.length + SOON;
    List<Slot.Intact> goBySize =
        Arrays.stream(slots)
            .filter(Slot.Intact.class::isInstance)
            .map(Slot.Intact.class::cast)
            .filter(slot -> slot.bytes() > 0 && slot.position() <= upTo && slot.position() > soon)
            .sorted(Comparator.comparingInt(Slot.Intact::bytes).reversed())
            .toList();
    List<Slot.Intact> excess = new ArrayList<>();
    long left = bytes;
    for (Slot.Intact slot : goBySize) {
      if (left > mostBytes) {
        excess.add(slot);
        left -= slot.bytes();
      }
    }
    return excess;
  }

  /** Those that others have changed or deleted. */
  List<Slot> damaged() {
    return Arrays.stream(slots).filter(slot -> !(slot instanceof Slot.Intact)).toList();
  }

  /** What is wrong with a slot, in words for an operator. */
  static String told(Slot slot) {
    return switch (slot) {
      case Slot.Intact intact ->
          "StoreLog %s holds position %d".formatted(intact.name(), intact.position());
      case Slot.Foreign foreign -> "StoreLog %s: %s".formatted(foreign.name(), foreign.why());
      case Slot.Gone gone -> "StoreLog %s: it was deleted".formatted(gone.name());
    };
  }

  /**
   * The entries after a position, up to the newest.
   *
   * @throws DamagedException when one of them cannot be read, or may have been lost
   */
  List<LogEntry> after(long base) throws DamagedException {
    if (lost.isPresent()) {
      throw new DamagedException(lost.get() + "; entries after that may be lost");
    }
    long newest = newest();
    List<LogEntry> entries = new ArrayList<>();
    for (long position = base + 1; position <= newest; position++) {
      entries.add(entry(position));
    }
    Slot next = at(Math.max(base, newest) + 1);
    if (hides(next)) {
      throw new DamagedException(told(next) + "; it may have held the newest entry of the log");
    }
    return entries;
  }

  private LogEntry entry(long position) throws DamagedException {
    Slot slot = at(position);
    if (!(slot instanceof Slot.Intact intact) || intact.position() != position) {
      throw new DamagedException(
          "entry %d of the log is lost (%s)".formatted(position, told(slot)));
    }
    try {
      return intact.decode();
    } catch (IOException damaged) {
      throw new DamagedException("StoreLog %s: %s".formatted(slot.name(), damaged.getMessage()));
    }
  }
}
