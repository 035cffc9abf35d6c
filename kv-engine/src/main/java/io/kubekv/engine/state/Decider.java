package io.kubekv.engine.state;

import io.kubekv.Attachment;
import io.kubekv.Author;
import io.kubekv.Cause;
import io.kubekv.CompactedException;
import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRequest;
import io.kubekv.Entry;
import io.kubekv.FutureRevisionException;
import io.kubekv.Key;
import io.kubekv.Layout;
import io.kubekv.Limits;
import io.kubekv.LockRules;
import io.kubekv.Naming;
import io.kubekv.NodeRules;
import io.kubekv.Precondition;
import io.kubekv.PutMode;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.RangeDeleted;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.StoreException;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.TreeRules;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Decides what a request comes to: the store's rules, once. A pure function of its three arguments:
 * it changes nothing, waits for nothing, and asks no clock. Thread-safe.
 *
 * <p>The rules themselves are the port's ({@link TreeRules}, {@link LockRules}, {@link
 * Precondition}, {@link Limits}); here they meet one state, and their results become changes.
 */
public final class Decider {
  /** For what depends on no time. */
  private static final Moment NO_TIME = new Moment(Instant.EPOCH, delay -> Duration.ZERO);

  private final Limits limits;

  public Decider(Limits limits) {
    this.limits = limits;
  }

  /**
   * Decides on the state that all decisions before have left.
   *
   * @throws StoreException when the state has no room for it, or it is not possible now or any
   *     more; then nothing is decided
   */
  @SuppressWarnings("unchecked") // each request is answered with what it declares
  public <T> Decision<T> decide(Request<T> request, State prepared, Moment now) {
    Draft draft = new Draft(prepared, now.wall(), request.author());
    Object outcome =
        switch (request) {
          case Request.Put put -> put(put.request(), draft, now);
          case Request.Delete delete -> delete(delete.request(), draft);
          case Request.DeleteRange delete -> deleteRange(delete.request().range(), draft);
          case Request.Transact transact -> {
            Transactions attempt = new Transactions(this, draft, now);
            yield attempt.run(transact.request());
          }
          case Request.Compact compact -> compact(compact.first(), draft);
          case Request.BeginSession begin -> Endings.begin(begin.spec(), draft, limits);
          case Request.RenewSession renew -> Endings.renew(renew.id(), draft);
          case Request.TakeUpSession taken -> Endings.takeUp(taken.id(), draft);
          case Request.EndSession end -> Endings.end(end.id(), draft, now);
          case Request.ExpireEntry expire -> Endings.expire(expire, draft);
          case Request.EndDelay end -> Endings.endDelay(end.delay(), draft);
          case Request.PassTime pass -> Endings.passTime(pass, draft);
          case Request.Found found -> found(found.storeId(), draft);
          case Request.SwitchOn on -> switchOn(on.features(), draft);
          case Request.Nothing nothing -> true;
        };
    return outcome instanceof TransactionOutcome.RolledBack
        ? (Decision<T>) new Decision<>(outcome, List.of(), prepared)
        : (Decision<T>) draft.decided(outcome);
  }

  /** What a transaction that changes nothing comes to on a state. */
  public TransactionOutcome read(TransactionRequest request, State state) {
    return new Transactions(this, new Draft(state, NO_TIME.wall(), Author.NONE), NO_TIME)
        .run(request);
  }

  PutOutcome put(PutRequest asked, Draft draft, Moment now) {
    State state = draft.state();
    state.features().requireFor(asked);
    PutRequest request = named(asked, draft);
    Optional<Entry> current = state.get(request.key());
    TreeRules tree = tree(state);
    boolean implied =
        request.layout() == Layout.NODES && nodes(state).isImplied(request.key(), current);
    Optional<Refused> refused =
        (switch (request.layout()) {
              case FLAT -> request.precondition().refusal(current, draft.revision());
              case TREE -> tree.refusal(request, draft.revision());
              case NODES -> nodes(state).refusal(request, draft.revision());
            })
            .or(() -> nameThatIsThere(asked, request, draft))
            .or(() -> refreshOfNothing(request, current, draft))
            .or(() -> locks(state, now).refusal(request, current, draft.revision()));
    if (refused.isPresent()) {
      return refused.get();
    }
    List<Key> parents =
        request.layout() == Layout.TREE ? tree.missingParents(request.key()) : List.of();
    if (current.isEmpty() || !parents.isEmpty()) {
      limits.checkRoomAfter(state.contents().size() + parents.size() - (current.isEmpty() ? 0 : 1));
    }
    if (request.attachment() instanceof Attachment.To to) {
      limits.checkAttached(state.locks().attached().bytesWith(to.session(), request.key()));
    }
    parents.forEach(
        parent -> draft.add(new Change.Put(Successors.directory(parent, draft), Cause.PARENT)));
    long puts = implied ? NodeRules.IMPLIED_VERSION : 0;
    Entry entry = Successors.put(request, current, puts, draft);
    draft.add(new Change.Put(entry, request.cause()));
    return new PutOutcome.Stored(entry, current);
  }

  /** The same with the name that the store chooses. */
  private PutRequest named(PutRequest asked, Draft draft) {
    return switch (asked.naming()) {
      case GIVEN -> asked;
      case REVISION -> asked.named(draft.next().value());
      case SEQUENCE -> {
        PutRequest named = asked.named(SequenceNames.next(asked, draft.state()));
        limits.check(named.key()); // one of the names is longer than what stood for it
        yield named;
      }
    };
  }

  /** A name by number is that of a new entry, or none. */
  private static Optional<Refused> nameThatIsThere(
      PutRequest asked, PutRequest named, Draft draft) {
    if (asked.naming() != Naming.SEQUENCE) {
      return Optional.empty();
    }
    State state = draft.state();
    return named.layout() == Layout.NODES
        ? nodes(state).refusal(named.key(), Precondition.ABSENT, draft.revision())
        : Precondition.ABSENT.refusal(state.get(named.key()), draft.revision());
  }

  private static Optional<Refused> refreshOfNothing(
      PutRequest request, Optional<Entry> current, Draft draft) {
    return request.mode() == PutMode.REFRESH
        ? Precondition.PRESENT.refusal(current, draft.revision())
        : Optional.empty();
  }

  DeleteOutcome delete(DeleteRequest request, Draft draft) {
    State state = draft.state();
    Optional<Entry> current = state.get(request.key());
    Optional<Refused> refused =
        switch (request.layout()) {
          case FLAT ->
              Precondition.PRESENT
                  .refusal(current, draft.revision())
                  .or(() -> request.precondition().refusal(current, draft.revision()));
          case TREE -> tree(state).refusal(request, draft.revision());
          case NODES -> nodes(state).refusal(request, draft.revision());
        };
    if (refused.isPresent()) {
      return refused.get();
    }
    draft.add(new Change.Delete(request.key(), List.of(), request.cause()));
    return new DeleteOutcome.Deleted(draft.revision(), current.orElseThrow());
  }

  RangeDeleted deleteRange(Range range, Draft draft) {
    List<Key> doomed = draft.state().contents().in(range).stream().map(Entry::key).toList();
    Optional<Entry> top = range.self().flatMap(draft.state()::get);
    if (range instanceof Range.Tree && top.isPresent()) {
      draft.add(
          new Change.Delete(doomed.getFirst(), doomed.subList(1, doomed.size()), Cause.DELETE));
    } else {
      List<Key> inTurn = range instanceof Range.Between ? doomed : doomed.reversed();
      inTurn.forEach(key -> draft.add(new Change.Delete(key, List.of(), Cause.DELETE)));
    }
    return new RangeDeleted(doomed.size(), top, draft.revision());
  }

  private static Revision compact(Revision first, Draft draft) {
    State state = draft.state();
    state.features().require(Feature.COMPACTION);
    if (first.isAfter(state.revision())) {
      throw new FutureRevisionException(first, state.revision());
    }
    if (!first.isAfter(state.compacted())) {
      throw new CompactedException(first, state.compacted());
    }
    draft.addWithout(new Change.Compacted(first));
    return state.revision();
  }

  private static boolean found(long storeId, Draft draft) {
    if (draft.state().storeId() != 0) {
      return false;
    }
    draft.add(new Change.Founded(storeId));
    switchOn(EnumSet.allOf(Feature.class), draft);
    return true;
  }

  private static boolean switchOn(Set<Feature> features, Draft draft) {
    boolean any = false;
    for (Feature feature : features) {
      if (!draft.state().features().has(feature)) {
        draft.addWithout(new Change.SwitchedOn(feature.text(), feature.since()));
        any = true;
      }
    }
    return any;
  }

  private static TreeRules tree(State state) {
    return new TreeRules(state::get, state.contents()::hasBelow);
  }

  private static NodeRules nodes(State state) {
    return new NodeRules(state::get, state.contents()::hasBelow);
  }

  private static LockRules locks(State state, Moment now) {
    return new LockRules(
        state.locks()::isAlive, key -> Endings.delayLeft(key, state, now).orElse(Duration.ZERO));
  }
}
