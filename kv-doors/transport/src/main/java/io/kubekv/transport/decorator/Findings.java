package io.kubekv.transport.decorator;

import io.kubekv.Bytes;
import io.kubekv.DeleteOutcome;
import io.kubekv.DirectoryLookup;
import io.kubekv.Entry;
import io.kubekv.LimitExceededException;
import io.kubekv.Listing;
import io.kubekv.Lookup;
import io.kubekv.OverloadedException;
import io.kubekv.PutOutcome;
import io.kubekv.RangeDeleted;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionResult;
import io.kubekv.transport.limits.Budgets;
import io.kubekv.transport.limits.Limit;
import io.kubekv.transport.limits.OverLimitException;
import io.kubekv.transport.limits.Room;
import io.kubekv.transport.limits.Use;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * Room for what a store has found, taken before anything is made of it, and kept until the request
 * ends. Thread-safe.
 *
 * @param maxListBytes of keys and values in one answer
 * @param inOnePiece whether answers are made as a whole; otherwise piece by piece, as they are
 *     taken
 * @param written how many bytes a value is in the answer; asked of what is not small
 */
record Findings(
    Budgets budgets, long maxListBytes, boolean inOnePiece, ToLongFunction<Bytes> written) {
  private static final Duration RETRY = Duration.ofSeconds(1);

  /** What surely is less than a small listing has: the rest of an entry. */
  private static final int AROUND_ENTRY = 64;

  /** One of a value is one in the answer. */
  static final ToLongFunction<Bytes> AS_IT_IS = Bytes::size;

  /** Takes room for an answer of this size, if it is not too large; may block. */
  void require(Size size) {
    requireAllowed(size);
    requireRoom(size);
  }

  /** Takes room for an answer of this size, whatever that is; may block. */
  void requireRoom(Size size) {
    if (!size.isSmall()) {
      keep(size.inMemory(), 0);
    }
  }

  /**
   * The same before it is known.
   *
   * @param values bytes that the same request writes
   */
  void require(Size size, long values) {
    requireAllowed(size);
    keep(size.inMemory(), values);
  }

  /** The same that look at no value; for event loops. */
  Findings unmeasured() {
    return new Findings(budgets, maxListBytes, inOnePiece, AS_IT_IS);
  }

  /** Whether that waits for nothing. */
  static boolean needsNoRoom(Size size, long values) {
    return Room.isSmall(size.inMemory(), values);
  }

  /** No more than what is allowed. */
  long atMost(long bytes) {
    return Math.min(bytes, inOnePiece ? largest() : bytes);
  }

  /** Returns the size if an answer may have it. */
  Size requireAllowed(Size size) {
    requireAtMost("list size", size.bytes(), maxListBytes);
    if (inOnePiece) {
      requireAtMost("list size as it is answered", size.inMemory(), largest());
    }
    return size;
  }

  private long largest() {
    return budgets.room().largestListing();
  }

  private void requireAtMost(String limit, long bytes, long allowed) {
    if (bytes > allowed) {
      budgets.hits().refused(Limit.LIST_BYTES);
      throw new LimitExceededException(limit, "bytes", bytes, allowed);
    }
  }

  /**
   * Takes room to write values of this size in the place of others, and to tell of both; may block.
   */
  void requireForChange(Size present, long values) {
    if (!present.isSmall()) {
      keep(present.inMemory(), values);
    } else if (!Room.isSmall(values)) {
      keep(room -> room.forValues(values));
    }
  }

  private void keep(long bytes, long values) {
    keep(room -> inOnePiece ? room.forListing(bytes, values) : room.forPieces(bytes, values));
  }

  private void keep(Function<Room, Room.Part> wanted) {
    Optional<Use> use = Use.current();
    use.ifPresent(own -> own.keep(Room.Part.NONE)); // two at a time would wait for each other
    Room.Part part = part(wanted);
    use.ifPresentOrElse(own -> own.keep(part), part::close);
  }

  /** To a client there is nothing of its own about it: it may as well ask another replica. */
  private Room.Part part(Function<Room, Room.Part> wanted) {
    try {
      return wanted.apply(budgets.room());
    } catch (OverLimitException none) {
      throw new OverloadedException(String.valueOf(none.getMessage()), RETRY);
    }
  }

  /** Of a listing. */
  Size size(Listing listing) {
    return size(listing.entries()).plus(prefixes(listing));
  }

  private static Size prefixes(Listing listing) {
    long bytes = listing.prefixes().stream().mapToLong(each -> each.text().length()).sum();
    return new Size(bytes, listing.prefixes().size(), bytes);
  }

  private Size size(List<Entry> entries) {
    Size size = stored(entries);
    boolean known = size.isSmall() || AS_IT_IS.equals(written) || isOverLimit(size);
    return known ? size : new Size(size.bytes(), size.entries(), Measuring.sum(entries, written));
  }

  /** Whether it will be refused, however long its values are in the answer. */
  private boolean isOverLimit(Size size) {
    return size.bytes() > maxListBytes || inOnePiece && size.inMemory() > largest();
  }

  private static Size stored(List<Entry> entries) {
    long bytes = 0;
    for (Entry entry : entries) {
      bytes += entry.key().size() + entry.contentBytes();
    }
    return new Size(bytes, entries.size(), bytes);
  }

  /** Whether this needs no room; for event loops, since it looks at no value. */
  static boolean isSmall(Listing listing) {
    return prefixes(listing).plus(stored(listing.entries())).isSmall();
  }

  /** The same of what a key has. */
  static boolean isSmall(Optional<Entry> entry) {
    return stored(entry.stream().toList()).isSmall();
  }

  /** Of an entry, if there is one. */
  Size size(Optional<Entry> entry) {
    return entry.map(present -> size(List.of(present))).orElse(Size.NONE);
  }

  /** Of what a key has. */
  Size size(Lookup found) {
    return size(found.entry());
  }

  /** Of what a transaction tells. */
  Size size(TransactionOutcome outcome) {
    Size all = Size.NONE;
    switch (outcome) {
      case TransactionOutcome.Committed committed -> all = results(committed.results());
      case TransactionOutcome.RolledBack rolledBack -> {
        for (TransactionOutcome.Failure failure : rolledBack.failures()) {
          all = all.plus(size(failure.refused().entry().stream().toList()));
        }
      }
    }
    return all;
  }

  private Size results(List<TransactionResult> results) {
    Size all = Size.NONE;
    for (TransactionResult result : results) {
      all = all.plus(size(result));
    }
    return all;
  }

  private Size size(TransactionResult result) {
    return switch (result) {
      case Lookup found -> size(found);
      case Listing listed -> size(listed);
      case PutOutcome.Stored stored ->
          size(List.of(stored.entry())).plus(size(stored.previous().stream().toList()));
      case DirectoryLookup counted -> Size.NONE;
      case DeleteOutcome.Deleted deleted -> size(List.of(deleted.previous()));
      case RangeDeleted deleted -> size(deleted.top().stream().toList());
      case TransactionResult.Chosen chosen -> results(chosen.results());
    };
  }

  /**
   * How much there is.
   *
   * @param bytes of keys and values
   * @param entries how many
   * @param written the same bytes as the answer has them
   */
  record Size(long bytes, long entries, long written) {
    static final Size NONE = new Size(0, 0, 0);

    Size plus(Size other) {
      return new Size(bytes + other.bytes, entries + other.entries, written + other.written);
    }

    /** Whether it needs no room. */
    boolean isSmall() {
      return Room.isSmall(inMemory());
    }

    private long inMemory() {
      return written + AROUND_ENTRY * entries;
    }
  }
}
