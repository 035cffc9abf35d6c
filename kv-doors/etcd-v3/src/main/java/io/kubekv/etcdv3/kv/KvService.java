package io.kubekv.etcdv3.kv;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.kubekv.Freshness;
import io.kubekv.KeyValueStore;
import io.kubekv.PutOutcome;
import io.kubekv.Range;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.TransactionOutcome;
import io.kubekv.etcdv3.call.Failures;
import io.kubekv.etcdv3.call.Headers;
import io.kubekv.etcdv3.call.History;
import io.kubekv.etcdv3.call.Replies;
import io.kubekv.etcdv3.call.Setup;
import io.kubekv.etcdv3.keys.LeaseIds;
import io.kubekv.etcdv3.keys.Ranges;
import io.kubekv.etcdv3.wire.CompactionRequest;
import io.kubekv.etcdv3.wire.CompactionResponse;
import io.kubekv.etcdv3.wire.DeleteRangeRequest;
import io.kubekv.etcdv3.wire.DeleteRangeResponse;
import io.kubekv.etcdv3.wire.KVGrpc;
import io.kubekv.etcdv3.wire.PutRequest;
import io.kubekv.etcdv3.wire.PutResponse;
import io.kubekv.etcdv3.wire.RangeRequest;
import io.kubekv.etcdv3.wire.RangeResponse;
import io.kubekv.etcdv3.wire.RequestOp;
import io.kubekv.etcdv3.wire.TxnRequest;
import io.kubekv.etcdv3.wire.TxnResponse;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** {@code etcdserverpb.KV}. */
public final class KvService extends KVGrpc.KVImplBase {
  /** How often a transaction begins again whose values change all the time. */
  private static final int MAX_TRIES = 64;

  /** What an event loop works on while all others wait; it gets no long messages anyway. */
  private static final int SHORT_KEYS = 8;

  private final Setup setup;
  private final Headers headers;
  private final Replies replies;

  public KvService(Setup setup) {
    this.setup = setup;
    this.headers = new Headers(setup.members());
    this.replies = new Replies(setup.threads(), setup.timer());
  }

  @Override
  public void range(RangeRequest request, StreamObserver<RangeResponse> client) {
    answer(
        request.getRangeEnd().isEmpty() && request.getRevision() <= 0,
        client,
        () -> {
          RangeAnswers.check(request);
          return range(request, setup.store().get());
        });
  }

  private CompletableFuture<RangeResponse> range(RangeRequest request, KeyValueStore store) {
    Range range = Ranges.of(request.getKey(), request.getRangeEnd());
    Freshness freshness = freshness(request);
    if (range instanceof Range.Exact exact && !(freshness instanceof Freshness.At)) {
      return store
          .get(exact.key(), freshness)
          .thenApply(
              found -> answer(request, RangeAnswers.Found.of(found), found.revision(), store));
    }
    return store
        .list(RangeAnswers.needed(request), freshness)
        .thenApplyAsync(
            found -> answer(request, RangeAnswers.Found.of(found), found.revision(), store),
            setup.threads());
  }

  private static Freshness freshness(RangeRequest request) {
    if (request.getRevision() > 0) {
      return new Freshness.At(new Revision(request.getRevision()));
    }
    return request.getSerializable() ? Freshness.STALE : Freshness.LINEARIZABLE;
  }

  /** What stood at a former revision is answered with the current one, as etcd does. */
  private RangeResponse answer(
      RangeRequest request, RangeAnswers.Found found, Revision read, KeyValueStore store) {
    Revision now = request.getRevision() > 0 ? Revision.max(read, store.status().revision()) : read;
    return RangeAnswers.of(request, found, headers.of(store, now), new RangeAnswers.Room());
  }

  @Override
  public void put(PutRequest request, StreamObserver<PutResponse> client) {
    replies.answer(
        client,
        () -> {
          TxnChecks.check(request);
          TxnChecks.checkSize(request.getSerializedSize());
          KeyValueStore store = setup.store().get();
          return request.getIgnoreValue() ? putAgain(request, store) : put(request, store);
        });
  }

  /** What is short may be answered by an event loop. */
  private <W> void answer(
      boolean isShort, StreamObserver<W> client, Supplier<CompletableFuture<W>> question) {
    if (isShort) {
      replies.answer(client, question);
    } else {
      replies.answerOnThread(client, question);
    }
  }

  private CompletableFuture<PutResponse> put(PutRequest request, KeyValueStore store) {
    return store
        .put(Puts.of(request))
        .thenApply(
            outcome ->
                switch (outcome) {
                  case PutOutcome.Stored stored ->
                      Puts.answer(request, stored, headers.of(store, stored.revision()));
                  case Refused refused -> throw Failures.of(refused).asRuntimeException();
                });
  }

  /**
   * A put that keeps the value is a transaction, which reads it before. Outside of one, etcd looks
   * for the lease before it looks for the key.
   */
  private CompletableFuture<PutResponse> putAgain(PutRequest request, KeyValueStore store) {
    RequestOp put = RequestOp.newBuilder().setRequestPut(request).build();
    TxnRequest txn = TxnRequest.newBuilder().addSuccess(put).build();
    CompletableFuture<TxnResponse> done =
        request.getLease() == 0
            ? transact(txn, store)
            : store
                .sessions()
                .get(LeaseIds.session(request.getLease()), Freshness.LINEARIZABLE)
                .thenCompose(
                    lease -> {
                      if (lease.session().isEmpty()) {
                        throw Failures.LEASE_NOT_FOUND.asRuntimeException();
                      }
                      return transact(txn, store);
                    });
    return done.thenApply(
        answer ->
            answer.getResponses(0).getResponsePut().toBuilder()
                .setHeader(answer.getHeader())
                .build());
  }

  @Override
  public void deleteRange(DeleteRangeRequest request, StreamObserver<DeleteRangeResponse> client) {
    answer(
        request.getRangeEnd().isEmpty(),
        client,
        () -> {
          TxnChecks.check(request);
          KeyValueStore store = setup.store().get();
          return request.getPrevKv() ? deleteTelling(request, store) : delete(request, store);
        });
  }

  private CompletableFuture<DeleteRangeResponse> delete(
      DeleteRangeRequest request, KeyValueStore store) {
    return store
        .deleteRange(Ranges.of(request.getKey(), request.getRangeEnd()))
        .thenApply(
            deleted ->
                DeleteRangeResponse.newBuilder()
                    .setHeader(headers.of(store, deleted.revision()))
                    .setDeleted(deleted.count())
                    .build());
  }

  private CompletableFuture<DeleteRangeResponse> deleteTelling(
      DeleteRangeRequest request, KeyValueStore store) {
    RequestOp delete = RequestOp.newBuilder().setRequestDeleteRange(request).build();
    return transact(TxnRequest.newBuilder().addSuccess(delete).build(), store)
        .thenApply(
            answer ->
                answer.getResponses(0).getResponseDeleteRange().toBuilder()
                    .setHeader(answer.getHeader())
                    .build());
  }

  @Override
  public void compact(CompactionRequest request, StreamObserver<CompactionResponse> client) {
    replies.answer(
        client,
        () -> {
          KeyValueStore store = setup.store().get();
          if (request.getRevision() < 0) {
            throw Failures.COMPACTED.asRuntimeException();
          }
          // etcd takes one at 0 where there was none
          boolean nothing = request.getRevision() == 0 && History.isWhole(store);
          CompletableFuture<Revision> done =
              nothing
                  ? store.revision(Freshness.LINEARIZABLE)
                  : store.compact(new Revision(request.getRevision()));
          return done.thenApply(
              now -> CompactionResponse.newBuilder().setHeader(headers.of(store, now)).build());
        });
  }

  @Override
  public void txn(TxnRequest request, StreamObserver<TxnResponse> client) {
    answer(
        isShort(request),
        client,
        () -> {
          TxnChecks.check(request);
          return transact(request, setup.store().get());
        });
  }

  /** Whether it is about single keys, and few. */
  private static boolean isShort(TxnRequest txn) {
    return txn.getCompareCount() + txn.getSuccessCount() + txn.getFailureCount() <= SHORT_KEYS
        && txn.getCompareList().stream().allMatch(each -> each.getRangeEnd().isEmpty())
        && txn.getSuccessList().stream().allMatch(KvService::isShort)
        && txn.getFailureList().stream().allMatch(KvService::isShort);
  }

  private static boolean isShort(RequestOp operation) {
    return switch (operation.getRequestCase()) {
      case REQUEST_RANGE ->
          operation.getRequestRange().getRangeEnd().isEmpty()
              && operation.getRequestRange().getRevision() <= 0;
      case REQUEST_PUT -> !operation.getRequestPut().getIgnoreValue();
      case REQUEST_DELETE_RANGE -> operation.getRequestDeleteRange().getRangeEnd().isEmpty();
      case REQUEST_TXN -> false;
      case REQUEST_NOT_SET -> true;
    };
  }

  private CompletableFuture<TxnResponse> transact(TxnRequest request, KeyValueStore store) {
    return transact(request, store, MAX_TRIES);
  }

  private CompletableFuture<TxnResponse> transact(
      TxnRequest request, KeyValueStore store, int tries) {
    return TxnReads.of(request, store, setup.threads())
        .thenCompose(
            reads -> {
              TxnPlan plan = new TxnPlan(request, reads);
              return store
                  .transact(plan.request())
                  .thenComposeAsync(
                      outcome -> told(outcome, plan, request, store, tries),
                      plan.mayBeLarge() ? setup.threads() : Runnable::run);
            });
  }

  private CompletableFuture<TxnResponse> told(
      TransactionOutcome outcome,
      TxnPlan plan,
      TxnRequest request,
      KeyValueStore store,
      int tries) {
    return switch (outcome) {
      case TransactionOutcome.Committed committed ->
          CompletableFuture.completedFuture(
              plan.answer(committed, headers.of(store, committed.revision())));
      case TransactionOutcome.RolledBack rolledBack -> {
        Optional<Status> failure = plan.failure(rolledBack);
        if (failure.isPresent() || tries <= 1) {
          throw failure.orElse(Failures.TOO_MANY_REQUESTS).asRuntimeException();
        }
        yield CompletableFuture.supplyAsync(() -> tries - 1, setup.threads())
            .thenCompose(left -> transact(request, store, left));
      }
    };
  }
}
