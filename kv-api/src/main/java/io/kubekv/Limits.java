package io.kubekv;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a store accepts. Requests beyond it fail with {@link LimitExceededException}. A transaction
 * has at most {@link TransactionRequest#MAX_OPERATIONS} operations and {@link
 * TransactionRequest#MAX_COMPARISONS} comparisons, whose values and metadata are together at most
 * as large as one value may be; and its comparisons look at no more than {@link #MAX_COMPARED}
 * entries.
 *
 * @param maxKeyBytes UTF-8 bytes of a key
 * @param maxValueBytes bytes of a value
 * @param maxDepth path elements of a key
 * @param maxEntries entries in the store, directories included; and as many sessions
 */
public record Limits(int maxKeyBytes, int maxValueBytes, int maxDepth, long maxEntries) {
  /** How large the keys may be together that are attached to one session. */
  public static final long MAX_ATTACHED_BYTES = 16L << 20;

  /** Bytes of the metadata of an entry. */
  public static final int MAX_METADATA_BYTES = 64 << 10;

  /**
   * How many entries all comparisons of a transaction together may look at. One that does not hold
   * looks at none behind the first that says so, and the comparisons after it at none at all.
   */
  public static final int MAX_COMPARED = 10_000;

  /** UTF-8 bytes of a character. */
  private static final int LONGEST_CHARACTER = 4;

  public static final Limits DEFAULT = new Limits(4096, 1 << 20, 128, 1_000_000);

  public Limits {
    if (maxKeyBytes < 1 || maxValueBytes < 1 || maxDepth < 1 || maxEntries < 1) {
      throw new IllegalArgumentException("a limit is below 1");
    }
  }

  /** Fails when the put's key, value or metadata is over a limit. */
  public void check(PutRequest request) {
    check(request.key());
    require("value size", "bytes", request.value().size(), maxValueBytes);
    checkMetadata(request.metadata());
  }

  private static void checkMetadata(Bytes content) {
    require("metadata size", "bytes", content.size(), MAX_METADATA_BYTES);
  }

  /**
   * Fails when the transaction has too many operations or comparisons, or choices too deep within
   * each other, one of them is over a limit, or the values that it puts and compares with are
   * together larger than one value may be.
   */
  public void check(TransactionRequest request) {
    List<TransactionOperation> all = request.all();
    List<Comparison> comparisons = request.comparisons();
    require("transaction size", "operations", all.size(), TransactionRequest.MAX_OPERATIONS);
    require(
        "comparisons of a transaction",
        "comparisons",
        comparisons.size(),
        TransactionRequest.MAX_COMPARISONS);
    require(
        "depth of a transaction's choices",
        "choices",
        depth(request.operations()),
        TransactionRequest.MAX_NESTING);
    long bytes = 0;
    for (TransactionOperation operation : all) {
      bytes += checked(operation);
    }
    for (Comparison comparison : comparisons) {
      check(comparison.range());
      bytes += comparison.valueBytes();
    }
    require("transaction value size", "bytes", bytes, maxValueBytes);
  }

  /** Fails when the comparisons of a transaction have looked at more entries than they may. */
  public static void checkCompared(long entries) {
    require("entries that a transaction compares", "entries", entries, MAX_COMPARED);
  }

  /** How many choices are within each other, at most. */
  private static int depth(List<TransactionOperation> operations) {
    int depth = 0;
    for (TransactionOperation operation : operations) {
      if (operation instanceof TransactionOperation.Choice choice) {
        depth = Math.max(depth, 1 + Math.max(depth(choice.then()), depth(choice.otherwise())));
      }
    }
    return depth;
  }

  /** Checks an operation; the bytes of the values in it. */
  private long checked(TransactionOperation operation) {
    return switch (operation) {
      case TransactionOperation.Get get -> checked(get.key(), Precondition.NONE);
      case TransactionOperation.ListRange list -> checked(list.request().range());
      case TransactionOperation.Directory directory ->
          checked(new Range.WithPrefix(directory.directory()));
      case TransactionOperation.Check check -> checked(check.key(), check.precondition());
      case TransactionOperation.CheckHolder check -> checked(check.key(), Precondition.NONE);
      case TransactionOperation.CheckSession check -> 0;
      case TransactionOperation.Put put -> {
        check(put.request());
        yield put.request().contentBytes() + size(put.request().precondition());
      }
      case TransactionOperation.Delete delete ->
          checked(delete.request().key(), delete.request().precondition());
      case TransactionOperation.DeleteRange delete -> checked(delete.range());
      case TransactionOperation.SetMetadata set -> {
        check(set.key());
        checkMetadata(set.content());
        yield set.content().size();
      }
      case TransactionOperation.Choice choice -> 0;
    };
  }

  private long checked(Range range) {
    check(range);
    return 0;
  }

  private long checked(Key key, Precondition precondition) {
    check(key);
    return size(precondition);
  }

  private static long size(Precondition precondition) {
    return switch (precondition) {
      case Precondition.None none -> 0;
      case Precondition.Absent absent -> 0;
      case Precondition.Present present -> 0;
      case Precondition.RevisionIs is -> 0;
      case Precondition.VersionIs is -> 0;
      case Precondition.ValueIs is -> is.value().size();
      case Precondition.RevisionAndValueAre are -> are.value().size();
    };
  }

  /** Fails when the key is over a limit. */
  public void check(Key key) {
    require("key length", "bytes", key.size(), maxKeyBytes);
    require("key depth", "path elements", key.depth(), maxDepth);
  }

  /** Fails when the key of the range is over a limit, or its prefix is over that of a key. */
  public void check(Range range) {
    range.self().ifPresent(this::check);
    if (range instanceof Range.WithPrefix with) {
      String prefix = with.prefix().text();
      require("prefix length", "bytes", size(prefix), maxKeyBytes);
      require(
          "prefix depth",
          "path elements",
          1 + prefix.chars().filter(letter -> letter == '/').count(),
          maxDepth);
    }
    if (range instanceof Range.Between between) {
      checkBound(between.from());
      between.to().ifPresent(this::checkBound);
    }
  }

  /** A range may end behind the longest key, by one character. */
  private void checkBound(Key bound) {
    require("bound length", "bytes", bound.size(), maxKeyBytes + (long) LONGEST_CHARACTER);
  }

  /** Fails when an entry more than {@code entries} would be too many. */
  public void checkRoomAfter(long entries) {
    require("number of entries", "entries", entries + 1, maxEntries);
  }

  /** Fails when the session's name or note is longer than a key may be. */
  public void check(SessionSpec spec) {
    require("session name", "bytes", size(spec.name()), maxKeyBytes);
    require("session note", "bytes", size(spec.note()), maxKeyBytes);
  }

  private static int size(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** Fails when a session more than {@code sessions} would be too many. */
  public void checkRoomForSessionAfter(long sessions) {
    require("number of sessions", "sessions", sessions + 1, maxEntries);
  }

  /**
   * Fails when the keys of so many bytes together are more than may be attached to one session,
   * since all of them end in one change; {@link StoredSize#ofAttached} counts them.
   */
  public void checkAttached(long bytes) {
    require("keys of a session", "bytes", bytes, MAX_ATTACHED_BYTES);
  }

  private static void require(String limit, String unit, long actual, long allowed) {
    if (actual > allowed) {
      throw new LimitExceededException(limit, unit, actual, allowed);
    }
  }
}
