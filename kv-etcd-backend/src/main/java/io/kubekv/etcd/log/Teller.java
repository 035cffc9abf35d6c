package io.kubekv.etcd.log;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.KeyValue;
import io.kubekv.engine.log.EntryCodec;
import io.kubekv.engine.log.Log;
import io.kubekv.engine.log.LogEntry;
import io.kubekv.etcd.api.LogKeys;
import io.kubekv.etcd.api.Trimmed;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes of what etcd tells what a listener hears: each entry once, in order; or that some were
 * missed, or that what was told stands there no more, and then nothing. For one thread at a time,
 * but for {@link #told}, {@link #isOver} and {@link #end}.
 */
final class Teller {
  private final LogKeys keys;
  private final Log.Listener listener;
  private final Function<ByteString, Optional<LogEntry>> known;
  private final Floor floor;
  private volatile Told told;
  private volatile boolean over;

  /**
   * @param told where to tell from
   * @param known finds the entry of these bytes where that needs no reading
   * @param floor where it is kept how far the log is trimmed
   */
  Teller(
      LogKeys keys,
      Log.Listener listener,
      Told told,
      Function<ByteString, Optional<LogEntry>> known,
      Floor floor) {
    this.keys = keys;
    this.listener = listener;
    this.told = told;
    this.known = known;
    this.floor = floor;
  }

  /** The entry up to which was told. */
  Told told() {
    return told;
  }

  boolean isOver() {
    return over;
  }

  /** Tells nothing more. */
  void end() {
    over = true;
  }

  /**
   * Looks whether what was read goes on from what was told.
   *
   * @param trimmed how far the log is trimmed
   * @param first what stands at the position that was told, or is the first behind it
   * @param continuous whether everything up to there was told without a gap, so that the entries
   *     count that only the snapshot before still needs
   */
  void begin(Trimmed trimmed, @Nullable KeyValue first, boolean continuous) {
    floor.set(trimmed);
    if (continuous
        ? Math.max(1, told.position()) < trimmed.first()
        : told.position() < trimmed.snapshot()) {
      over = true;
      listener.missed();
    } else if (told.position() > 0) {
      if (first == null || keys.position(first.getKey()).orElse(-1) != told.position()) {
        damaged("entry %d is not there any more", told.position());
      } else if (!told.isStill(first) && !told.says(first)) {
        damaged("entry %d is not the one that was told", told.position());
      } else {
        told = Told.of(told.position(), first);
      }
    }
  }

  /** A key was put, or stands there. */
  void put(KeyValue kv) {
    if (kv.getKey().equals(keys.trimmed())) {
      floor.set(Trimmed.decode(kv.getValue()));
      return;
    }
    OptionalLong at = keys.position(kv.getKey());
    if (over || at.isEmpty()) {
      return;
    }
    long position = at.getAsLong();
    if (position == told.position() + 1) {
      tell(position, kv);
    } else if (position > told.position()) {
      damaged("entry %d stands there without the one before it", position);
    } else if (position < told.position() || !told.isStill(kv)) {
      overwritten(position, kv);
    }
  }

  private void overwritten(long position, KeyValue kv) {
    if (position == told.position() && told.says(kv)) {
      told = Told.of(position, kv);
    } else if (position >= floor.get().snapshot()) {
      damaged("entry %d was written over", position);
    }
  }

  private void tell(long position, KeyValue kv) {
    LogEntry entry;
    try {
      Optional<LogEntry> own = known.apply(kv.getValue());
      entry = own.isPresent() ? own.get() : EntryCodec.decode(kv.getValue().toByteArray());
    } catch (IOException unreadable) {
      damaged(
          "entry %d is " + String.valueOf(unreadable.getMessage()).replace("%", "%%"), position);
      return;
    }
    if (entry.position() != position) {
      damaged("entry %d says that it is another", position);
      return;
    }
    told = Told.of(position, kv);
    listener.decided(entry);
  }

  /** A key was deleted. */
  void deleted(KeyValue kv) {
    OptionalLong position = keys.position(kv.getKey());
    if (position.isPresent()
        && position.getAsLong() >= floor.get().first()
        && position.getAsLong() <= told.position()) {
      damaged("entry %d was deleted", position.getAsLong());
    }
  }

  private void damaged(String what, long position) {
    if (!over) {
      over = true;
      listener.damaged(
          "the log in etcd was changed by others: %s (key %s); was etcd restored from a backup?"
              .formatted(what.formatted(position), keys.entry(position).toStringUtf8()));
    }
  }
}
