package io.kubekv.etcdv3.kv;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.kubekv.Comparison;
import io.kubekv.DeleteOutcome;
import io.kubekv.DirectoryLookup;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Lookup;
import io.kubekv.Precondition;
import io.kubekv.PutOutcome;
import io.kubekv.Range;
import io.kubekv.RangeDeleted;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.TransactionResult;
import io.kubekv.etcdv3.call.Failures;
import io.kubekv.etcdv3.call.Headers;
import io.kubekv.etcdv3.keys.KeyValues;
import io.kubekv.etcdv3.keys.Keys;
import io.kubekv.etcdv3.keys.Ranges;
import io.kubekv.etcdv3.wire.DeleteRangeRequest;
import io.kubekv.etcdv3.wire.DeleteRangeResponse;
import io.kubekv.etcdv3.wire.PutRequest;
import io.kubekv.etcdv3.wire.RangeRequest;
import io.kubekv.etcdv3.wire.RequestOp;
import io.kubekv.etcdv3.wire.ResponseHeader;
import io.kubekv.etcdv3.wire.ResponseOp;
import io.kubekv.etcdv3.wire.TxnRequest;
import io.kubekv.etcdv3.wire.TxnResponse;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * One of etcd's transactions as one of the port's, and the way back. Some operations are two of the
 * port's (a delete that tells what it deleted), and some none: what stood at a former revision is
 * read before ({@link TxnReads}).
 */
final class TxnPlan {
  /** How one operation is answered, from as many results as it has operations of the port. */
  private interface Step {
    ResponseOp answer(Iterator<TransactionResult> results);
  }

  private final TxnReads reads;
  private final IdentityHashMap<TransactionOperation, Status> refusals = new IdentityHashMap<>();
  private final TransactionRequest request;
  private final List<Step> then;
  private final List<Step> otherwise;
  private final boolean chooses;
  private final RangeAnswers.Room room;
  private Revision seen = Revision.ZERO;

  TxnPlan(TxnRequest txn, TxnReads reads) {
    this(txn, reads, new RangeAnswers.Room());
  }

  TxnPlan(TxnRequest txn, TxnReads reads, RangeAnswers.Room room) {
    this.reads = reads;
    this.room = room;
    List<TransactionOperation> first = new ArrayList<>();
    List<TransactionOperation> second = new ArrayList<>();
    this.then = steps(txn.getSuccessList(), first);
    // what cannot come about takes its grants all the same
    this.chooses = txn.getCompareCount() > 0 || txn.getFailureCount() > 0 || first.isEmpty();
    this.otherwise = chooses ? steps(txn.getFailureList(), second) : List.of();
    List<TransactionOperation> operations =
        chooses ? List.of(new TransactionOperation.Choice(comparisons(txn), first, second)) : first;
    TransactionRequest current = TransactionRequest.of(operations);
    boolean stale = current.onlyReads() && TxnReads.isSerializable(txn);
    this.request = stale ? current.withFreshness(io.kubekv.Freshness.STALE) : current;
  }

  TransactionRequest request() {
    return request;
  }

  private static List<Comparison> comparisons(TxnRequest txn) {
    return txn.getCompareList().stream().map(Compares::of).toList();
  }

  private List<Step> steps(List<RequestOp> operations, List<TransactionOperation> into) {
    return operations.stream().map(each -> step(each, into)).toList();
  }

  private Step step(RequestOp operation, List<TransactionOperation> into) {
    return switch (operation.getRequestCase()) {
      case REQUEST_RANGE -> range(operation.getRequestRange(), into);
      case REQUEST_PUT -> put(operation.getRequestPut(), into);
      case REQUEST_DELETE_RANGE -> delete(operation.getRequestDeleteRange(), into);
      case REQUEST_TXN -> nested(operation.getRequestTxn(), into);
      case REQUEST_NOT_SET -> throw Failures.KEY_NOT_FOUND.asRuntimeException();
    };
  }

  private Step range(RangeRequest wanted, List<TransactionOperation> into) {
    Range range = Ranges.of(wanted.getKey(), wanted.getRangeEnd());
    if (wanted.getRevision() <= 0) {
      into.add(reading(range, RangeAnswers.needed(wanted)));
      return results -> answer(wanted, found(next(results)), header());
    }
    Optional<Status> failure = reads.failure(wanted);
    failure.ifPresent(why -> into.add(refused(range, why)));
    return results -> answer(wanted, reads.found(wanted), header());
  }

  private static TransactionOperation reading(Range range, ListRequest list) {
    return range instanceof Range.Exact exact
        ? new TransactionOperation.Get(exact.key())
        : new TransactionOperation.ListRange(list);
  }

  /** What nothing satisfies, so that nothing happens when the transaction gets there. */
  private TransactionOperation refused(Range range, Status why) {
    Key key = range.self().orElse(Keys.FIRST);
    TransactionOperation never =
        new TransactionOperation.Check(key, new Precondition.RevisionIs(new Revision(-1)));
    refusals.put(never, why);
    return never;
  }

  private ResponseOp answer(RangeRequest wanted, RangeAnswers.Found found, ResponseHeader header) {
    return ResponseOp.newBuilder()
        .setResponseRange(RangeAnswers.of(wanted, found, header, room))
        .build();
  }

  private Step put(PutRequest wanted, List<TransactionOperation> into) {
    into.add(
        new TransactionOperation.Put(
            wanted.getIgnoreValue()
                ? Puts.again(wanted, reads.entry(Puts.key(wanted)))
                : Puts.of(wanted)));
    return results -> {
      PutOutcome.Stored stored = (PutOutcome.Stored) next(results);
      return ResponseOp.newBuilder().setResponsePut(Puts.answer(wanted, stored, header())).build();
    };
  }

  private Step delete(DeleteRangeRequest wanted, List<TransactionOperation> into) {
    Range range = Ranges.of(wanted.getKey(), wanted.getRangeEnd());
    if (wanted.getPrevKv()) {
      into.add(reading(range, ListRequest.of(range)));
    }
    into.add(new TransactionOperation.DeleteRange(range));
    return results -> {
      DeleteRangeResponse.Builder answer = DeleteRangeResponse.newBuilder();
      if (wanted.getPrevKv()) {
        List<Entry> deleted = found(next(results)).entries();
        room.take(deleted);
        deleted.forEach(entry -> answer.addPrevKvs(KeyValues.of(entry)));
      }
      RangeDeleted outcome = (RangeDeleted) next(results);
      answer.setDeleted(outcome.count()).setHeader(header());
      return ResponseOp.newBuilder().setResponseDeleteRange(answer).build();
    };
  }

  private Step nested(TxnRequest wanted, List<TransactionOperation> into) {
    List<TransactionOperation> first = new ArrayList<>();
    List<TransactionOperation> second = new ArrayList<>();
    List<Step> steps = steps(wanted.getSuccessList(), first);
    List<Step> others = steps(wanted.getFailureList(), second);
    into.add(new TransactionOperation.Choice(comparisons(wanted), first, second));
    return results -> {
      TransactionResult.Chosen chosen = (TransactionResult.Chosen) results.next();
      TxnResponse.Builder answer =
          TxnResponse.newBuilder()
              .setHeader(ResponseHeader.getDefaultInstance())
              .setSucceeded(chosen.held());
      Iterator<TransactionResult> within = chosen.results().iterator();
      (chosen.held() ? steps : others).forEach(step -> answer.addResponses(step.answer(within)));
      return ResponseOp.newBuilder().setResponseTxn(answer).build();
    };
  }

  private TransactionResult next(Iterator<TransactionResult> results) {
    TransactionResult result = results.next();
    seen = Revision.max(seen, result.revision());
    return result;
  }

  private ResponseHeader header() {
    return Headers.within(seen);
  }

  private static RangeAnswers.Found found(TransactionResult result) {
    return switch (result) {
      case Lookup lookup -> RangeAnswers.Found.of(lookup);
      case Listing listing -> RangeAnswers.Found.of(listing);
      case DirectoryLookup counted -> throw new IllegalStateException("a count for a read");
      case PutOutcome.Stored stored -> throw new IllegalStateException("a put for a read");
      case DeleteOutcome.Deleted deleted -> throw new IllegalStateException("a delete for a read");
      case RangeDeleted deleted -> throw new IllegalStateException("a delete for a read");
      case TransactionResult.Chosen chosen ->
          throw new IllegalStateException("a choice for a read");
    };
  }

  /** Whether the answer may have more than some entries: it is made on a thread of its own. */
  boolean mayBeLarge() {
    return reads.hasPast()
        || request.all().stream().anyMatch(TransactionOperation.ListRange.class::isInstance);
  }

  /**
   * What a transaction that happened is answered. What is too large to be answered although it
   * changed something is not refused: that would say that nothing was done.
   */
  TxnResponse answer(TransactionOutcome.Committed committed, ResponseHeader header) {
    try {
      return whole(committed, header);
    } catch (StatusRuntimeException tooLarge) {
      throw changes(committed.results()) ? Failures.TIMED_OUT.asRuntimeException() : tooLarge;
    }
  }

  private TxnResponse whole(TransactionOutcome.Committed committed, ResponseHeader header) {
    TxnResponse.Builder answer = TxnResponse.newBuilder().setHeader(header);
    boolean held = true;
    Iterator<TransactionResult> results = committed.results().iterator();
    if (chooses) {
      TransactionResult.Chosen chosen = (TransactionResult.Chosen) results.next();
      held = chosen.held();
      results = chosen.results().iterator();
    }
    seen = before(committed);
    for (Step step : held ? then : otherwise) {
      answer.addResponses(step.answer(results));
    }
    return answer.setSucceeded(held).build();
  }

  /** The revision of the state that the transaction found. */
  private static Revision before(TransactionOutcome.Committed committed) {
    long left = committed.revision().value();
    return new Revision(changes(committed.results()) ? left - 1 : left);
  }

  private static boolean changes(List<TransactionResult> results) {
    return results.stream()
        .anyMatch(
            result ->
                switch (result) {
                  case PutOutcome.Stored stored -> true;
                  case DeleteOutcome.Deleted deleted -> true;
                  case RangeDeleted deleted -> deleted.count() > 0;
                  case TransactionResult.Chosen chosen -> changes(chosen.results());
                  case Lookup lookup -> false;
                  case DirectoryLookup counted -> false;
                  case Listing listing -> false;
                });
  }

  /** Why nothing happened; empty when a value that was read before has changed: begin again. */
  Optional<Status> failure(TransactionOutcome.RolledBack rolledBack) {
    TransactionOutcome.Failure first = rolledBack.failures().getFirst();
    Refused refused = first.refused();
    Status known = refusals.get(request.all().get(first.operation()));
    return known == null && refused.reason() == Refused.Reason.CHANGED
        ? Optional.empty()
        : Optional.of(known == null ? Failures.of(refused) : known);
  }
}
