package io.kubekv.engine.state;

import io.kubekv.Author;
import io.kubekv.Comparison;
import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRangeRequest;
import io.kubekv.DeleteRequest;
import io.kubekv.Key;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.RangeDeleted;
import io.kubekv.Revision;
import io.kubekv.Session;
import io.kubekv.SessionId;
import io.kubekv.SessionSpec;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What may change the state.
 *
 * @param <T> what it comes to
 */
public sealed interface Request<T> {
  /** How many bytes the values have that it brings. */
  default long bytes() {
    return 0;
  }

  /** Who makes it; nobody where it comes by itself, or is of a session. */
  default Author author() {
    return Author.NONE;
  }

  record Put(PutRequest request) implements Request<PutOutcome> {
    @Override
    public Author author() {
      return request.author();
    }

    @Override
    public long bytes() {
      return request.contentBytes();
    }
  }

  record Delete(DeleteRequest request) implements Request<DeleteOutcome> {
    @Override
    public Author author() {
      return request.author();
    }
  }

  record DeleteRange(DeleteRangeRequest request) implements Request<RangeDeleted> {
    /** By nobody in particular. */
    public DeleteRange(Range range) {
      this(DeleteRangeRequest.of(range));
    }

    @Override
    public Author author() {
      return request.author();
    }
  }

  /** A transaction that changes something; others are reads. */
  record Transact(TransactionRequest request) implements Request<TransactionOutcome> {
    @Override
    public Author author() {
      return request.author();
    }

    @Override
    public long bytes() {
      return request.contentBytes()
          + request.comparisons().stream().mapToLong(Comparison::valueBytes).sum();
    }
  }

  /** What was before a revision is forgotten; answered with the revision of the state. */
  record Compact(Revision first) implements Request<Revision> {}

  /** Answered with the session that lives; one of this id that lives already stays as it is. */
  record BeginSession(SessionSpec spec) implements Request<Session> {}

  /** The session if it lives. Changes nothing, unless its end is recorded. */
  record RenewSession(SessionId id) implements Request<Optional<Session>> {}

  /** See {@link io.kubekv.Sessions#takeUp}. */
  record TakeUpSession(SessionId id) implements Request<Optional<Session>> {}

  /** Whether there was one. */
  record EndSession(SessionId id) implements Request<Boolean> {}

  /**
   * The time of an entry has run out.
   *
   * @param base the revision of the put whose time it was; whoever changed the entry since has won
   */
  record ExpireEntry(Key key, Revision base) implements Request<Boolean> {}

  /** The time of a lock delay has run out. */
  record EndDelay(LockDelay delay) implements Request<Boolean> {}

  /**
   * The store's clock goes on.
   *
   * @param clock what it shows, in nanoseconds
   * @param seen what had come back from the log by then
   * @param ends when sessions end that were not renewed for long
   */
  record PassTime(long clock, Revision seen, Map<SessionId, Long> ends)
      implements Request<Boolean> {}

  /** Names the store, unless it has a name. */
  record Found(long storeId) implements Request<Boolean> {}

  /** Features may be used from now on; whether one of them was not switched on before. */
  record SwitchOn(Set<Feature> features) implements Request<Boolean> {}

  /** Nothing: its answer comes when all that was decided before it is in the log. */
  record Nothing() implements Request<Boolean> {}
}
