package io.kubekv.etcdv3.recipe;

import com.google.protobuf.ByteString;
import io.grpc.stub.StreamObserver;
import io.kubekv.Bytes;
import io.kubekv.DeleteRequest;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.etcdv3.call.Failures;
import io.kubekv.etcdv3.call.Headers;
import io.kubekv.etcdv3.call.Replies;
import io.kubekv.etcdv3.call.Setup;
import io.kubekv.etcdv3.call.WaitingCall;
import io.kubekv.etcdv3.keys.Keys;
import io.kubekv.etcdv3.keys.Ranges;
import io.kubekv.etcdv3.lease.LeaseService;
import io.kubekv.etcdv3.wire.LockGrpc;
import io.kubekv.etcdv3.wire.LockRequest;
import io.kubekv.etcdv3.wire.LockResponse;
import io.kubekv.etcdv3.wire.UnlockRequest;
import io.kubekv.etcdv3.wire.UnlockResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** {@code v3lockpb.Lock}, as etcd's own server has it (server/etcdserver/api/v3lock). */
public final class LockService extends LockGrpc.LockImplBase {
  /** What a call gets that brings no lease. */
  static final Duration OWN_LEASE = Duration.ofSeconds(60);

  private final Setup setup;
  private final Headers headers;
  private final Replies replies;
  private final Contest contest;
  private final LeaseService leases;

  public LockService(Setup setup, Contest contest, LeaseService leases) {
    this.setup = setup;
    this.headers = new Headers(setup.members());
    this.replies = new Replies(setup.threads(), setup.timer());
    this.contest = contest;
    this.leases = leases;
  }

  @Override
  public void lock(LockRequest request, StreamObserver<LockResponse> client) {
    WaitingCall call = contest.waiting(client);
    replies.answer(
        client,
        () -> {
          call.requireClient();
          KeyValueStore store = setup.store().get();
          var unused = Contest.prefix(request.getName());
          return leases
              .orOwn(request.getLease(), OWN_LEASE, store)
              .thenCompose(lease -> contest.enter(request.getName(), lease, Bytes.EMPTY, store))
              .thenCompose(entrant -> held(request.getName(), entrant, store, call));
        });
  }

  private CompletableFuture<LockResponse> held(
      ByteString name, Contest.Entrant entrant, KeyValueStore store, WaitingCall call) {
    CompletableFuture<LockResponse> locked =
        contest
            .awaitTurn(name, entrant.created(), store, call)
            .thenCompose(turn -> store.get(entrant.key(), Freshness.LINEARIZABLE))
            .thenApply(
                found -> {
                  if (found.entry().isEmpty()) {
                    throw Contest.unknown("mutex: session is expired");
                  }
                  call.requireClient();
                  return answer(entrant.key(), found.revision(), store);
                });
    var unused =
        locked.whenComplete(
            (answer, failure) -> {
              if (failure != null) {
                var unusedLeaving = store.delete(DeleteRequest.of(entrant.key()));
              }
            });
    return locked;
  }

  private LockResponse answer(Key key, Revision revision, KeyValueStore store) {
    return LockResponse.newBuilder()
        .setHeader(headers.of(store, revision))
        .setKey(Keys.bytes(key))
        .build();
  }

  @Override
  public void unlock(UnlockRequest request, StreamObserver<UnlockResponse> client) {
    replies.answer(
        client,
        () -> {
          if (request.getKey().isEmpty()) {
            throw Contest.unknown(String.valueOf(Failures.EMPTY_KEY.getDescription()));
          }
          KeyValueStore store = setup.store().get();
          Range range = Ranges.of(request.getKey(), ByteString.EMPTY);
          return store
              .deleteRange(range)
              .thenApply(
                  deleted ->
                      UnlockResponse.newBuilder()
                          .setHeader(headers.of(store, deleted.revision()))
                          .build());
        });
  }
}
