package io.kubekv;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** One step of a transaction: it reads, checks, changes or chooses. */
public sealed interface TransactionOperation {
  /** Looks at the state and changes nothing. */
  sealed interface Reading extends TransactionOperation {}

  /** Changes the state, when it is not refused. */
  sealed interface Changing extends TransactionOperation {}

  /** The entry of a key. Never refused; its result is a {@link Lookup}. */
  record Get(Key key) implements Reading {}

  /** The entries of a range. Never refused; its result is a {@link Listing}. */
  record ListRange(ListRequest request) implements Reading {}

  /** What is counted of a directory. Never refused; its result is a {@link DirectoryLookup}. */
  record Directory(Prefix directory) implements Reading {}

  /**
   * Refused unless the precondition holds of the key's entry, with {@link Layout#NODES} of its
   * node; its result is the entry, as a {@link Lookup}.
   */
  record Check(Key key, Precondition precondition, Layout layout) implements Reading {
    /** A check of an entry. */
    public Check(Key key, Precondition precondition) {
      this(key, precondition, Layout.FLAT);
    }
  }

  /**
   * Refused unless the key has an entry and is held by this session, which lives, or by nobody; its
   * result is the entry, as a {@link Lookup}. Without an entry the reason is {@link
   * Refused.Reason#MISSING}; where another session than the one given holds the key, or none,
   * {@link Refused.Reason#NOT_HELD}; where one holds a key that nobody was to hold, {@link
   * Refused.Reason#HELD}.
   *
   * @param holder the session that is to hold the key; absent: nobody is to
   */
  record CheckHolder(Key key, Optional<SessionId> holder) implements Reading {}

  /**
   * Refused unless the session lives, and where a revision is given, is as it was then; its result
   * is a {@link Lookup} without an entry. Of a session that does not live the reason is {@link
   * Refused.Reason#NO_SESSION}; of one that was changed since, {@link Refused.Reason#CHANGED} (by
   * {@link Sessions#takeUp}, for instance).
   *
   * @param modified what {@link Session#modifyRevision} must be; absent: any
   */
  record CheckSession(SessionId session, Optional<Revision> modified) implements Reading {}

  /** A {@link KeyValueStore#put}, refused as one; its result is {@link PutOutcome.Stored}. */
  record Put(PutRequest request) implements Changing {}

  /**
   * A {@link KeyValueStore#delete}, refused as one; its result is {@link DeleteOutcome.Deleted}.
   */
  record Delete(DeleteRequest request) implements Changing {}

  /**
   * A {@link KeyValueStore#deleteRange}. Never refused; its result is {@link RangeDeleted}. Of a
   * {@link Range.Exact} it is a delete that does not mind when there is nothing.
   */
  record DeleteRange(Range range) implements Changing {}

  /**
   * Gives an entry other metadata, whose version grows by one. Its revisions, its version and its
   * times stay, and no watch sees it; it takes the transaction's revision all the same. Its result
   * is the entry after it, as a {@link Lookup}. Refused as {@link Refused.Reason#MISSING} without
   * an entry, and as {@link Refused.Reason#CHANGED} where its metadata is not of the version.
   *
   * @param version what its metadata's version must be; absent: any
   * @param content at most {@link Limits#MAX_METADATA_BYTES}
   */
  record SetMetadata(Key key, OptionalInt version, Bytes content) implements Changing {}

  /**
   * Does the ones when all comparisons hold, and the others otherwise. Never refused by itself; its
   * result is {@link TransactionResult.Chosen}. What is refused among the operations that it does
   * rolls back the whole transaction.
   *
   * <p>All comparisons of a transaction, those of choices within choices as well, are made on the
   * state before it, whatever its operations change (as etcd v3 does).
   *
   * @param comparisons none: they hold; immutable
   * @param then what is done when they hold; immutable
   * @param otherwise what is done when one does not; immutable
   */
  record Choice(
      List<Comparison> comparisons,
      List<TransactionOperation> then,
      List<TransactionOperation> otherwise)
      implements TransactionOperation {
    public Choice {
      comparisons = List.copyOf(comparisons);
      then = List.copyOf(then);
      otherwise = List.copyOf(otherwise);
    }
  }
}
