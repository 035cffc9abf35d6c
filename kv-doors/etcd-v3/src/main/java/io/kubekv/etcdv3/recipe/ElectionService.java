package io.kubekv.etcdv3.recipe;

import com.google.protobuf.ByteString;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.kubekv.Attachment;
import io.kubekv.Bytes;
import io.kubekv.DeleteRequest;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.PutRequest;
import io.kubekv.Revision;
import io.kubekv.TransactionOperation;
import io.kubekv.etcdv3.call.Failures;
import io.kubekv.etcdv3.call.Headers;
import io.kubekv.etcdv3.call.Replies;
import io.kubekv.etcdv3.call.Setup;
import io.kubekv.etcdv3.call.WaitingCall;
import io.kubekv.etcdv3.keys.KeyValues;
import io.kubekv.etcdv3.keys.Keys;
import io.kubekv.etcdv3.keys.LeaseIds;
import io.kubekv.etcdv3.lease.LeaseService;
import io.kubekv.etcdv3.wire.CampaignRequest;
import io.kubekv.etcdv3.wire.CampaignResponse;
import io.kubekv.etcdv3.wire.ElectionGrpc;
import io.kubekv.etcdv3.wire.LeaderKey;
import io.kubekv.etcdv3.wire.LeaderRequest;
import io.kubekv.etcdv3.wire.LeaderResponse;
import io.kubekv.etcdv3.wire.ProclaimRequest;
import io.kubekv.etcdv3.wire.ProclaimResponse;
import io.kubekv.etcdv3.wire.ResignRequest;
import io.kubekv.etcdv3.wire.ResignResponse;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * {@code v3electionpb.Election}, as etcd's own server has it (server/etcdserver/api/v3election).
 */
public final class ElectionService extends ElectionGrpc.ElectionImplBase {
  private final Setup setup;
  private final Headers headers;
  private final Replies replies;
  private final Contest contest;
  private final LeaseService leases;
  private final Set<Observation> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  public ElectionService(Setup setup, Contest contest, LeaseService leases) {
    this.setup = setup;
    this.headers = new Headers(setup.members());
    this.replies = new Replies(setup.threads(), setup.timer());
    this.contest = contest;
    this.leases = leases;
  }

  @Override
  public void campaign(CampaignRequest request, StreamObserver<CampaignResponse> client) {
    WaitingCall call = contest.waiting(client);
    replies.answer(
        client,
        () -> {
          call.requireClient();
          KeyValueStore store = setup.store().get();
          Bytes value = KeyValues.value(request.getValue());
          var unused = Contest.prefix(request.getName());
          return leases
              .orOwn(request.getLease(), LockService.OWN_LEASE, store)
              .thenCompose(
                  lease ->
                      contest
                          .enter(request.getName(), lease, value, store)
                          .thenCompose(entrant -> proclaimed(entrant, lease, value, store))
                          .thenCompose(
                              entrant -> elected(request.getName(), lease, entrant, store, call)));
        });
  }

  /** Who took part already with another value has that from now on. */
  private CompletableFuture<Contest.Entrant> proclaimed(
      Contest.Entrant entrant, long lease, Bytes value, KeyValueStore store) {
    if (entrant.known().filter(known -> !known.value().equals(value)).isEmpty()) {
      return CompletableFuture.completedFuture(entrant);
    }
    return proclaim(entrant.key(), entrant.created(), lease, value, store)
        .thenApply(revision -> entrant);
  }

  private CompletableFuture<Revision> proclaim(
      Key key, Revision created, long lease, Bytes value, KeyValueStore store) {
    PutRequest put = PutRequest.of(key, value).withAttachment(attachment(lease));
    return contest
        .whileIn(key, created, new TransactionOperation.Put(put), store)
        .thenApply(ElectionService::leading);
  }

  private static Attachment attachment(long lease) {
    return lease == 0 ? Attachment.DETACH : new Attachment.To(LeaseIds.session(lease));
  }

  private static Revision leading(Optional<Revision> done) {
    return done.orElseThrow(() -> Contest.unknown("election: not leader"));
  }

  private CompletableFuture<CampaignResponse> elected(
      ByteString name, long lease, Contest.Entrant entrant, KeyValueStore store, WaitingCall call) {
    CompletableFuture<CampaignResponse> elected =
        contest
            .awaitTurn(name, entrant.created(), store, call)
            .thenApply(
                turn -> {
                  call.requireClient();
                  return CampaignResponse.newBuilder()
                      .setHeader(headers.of(store, entrant.revision()))
                      .setLeader(leaderKey(name, lease, entrant))
                      .build();
                });
    var unused =
        elected.whenComplete(
            (answer, failure) -> {
              if (failure != null) {
                var unusedLeaving = resign(entrant.key(), entrant.created(), store);
              }
            });
    return elected;
  }

  private static LeaderKey leaderKey(ByteString name, long lease, Contest.Entrant entrant) {
    return LeaderKey.newBuilder()
        .setName(name)
        .setKey(Keys.bytes(entrant.key()))
        .setRev(entrant.created().value())
        .setLease(lease)
        .build();
  }

  private CompletableFuture<Optional<Revision>> resign(
      Key key, Revision created, KeyValueStore store) {
    return contest.whileIn(
        key, created, new TransactionOperation.Delete(DeleteRequest.of(key)), store);
  }

  private static Key key(boolean given, LeaderKey leader) {
    if (!given) {
      throw Contest.unknown("\"leader\" field must be provided");
    }
    if (leader.getKey().isEmpty()) {
      throw Contest.unknown(String.valueOf(Failures.EMPTY_KEY.getDescription()));
    }
    return Keys.of(leader.getKey()).orElseThrow(() -> Failures.NOT_A_KEY.asRuntimeException());
  }

  @Override
  public void proclaim(ProclaimRequest request, StreamObserver<ProclaimResponse> client) {
    replies.answer(
        client,
        () -> {
          LeaderKey leader = request.getLeader();
          Key key = key(request.hasLeader(), leader);
          KeyValueStore store = setup.store().get();
          Bytes value = KeyValues.value(request.getValue());
          return proclaim(key, new Revision(leader.getRev()), leader.getLease(), value, store)
              .thenApply(
                  revision ->
                      ProclaimResponse.newBuilder().setHeader(headers.of(store, revision)).build());
        });
  }

  @Override
  public void resign(ResignRequest request, StreamObserver<ResignResponse> client) {
    replies.answer(
        client,
        () -> {
          Key key = key(request.hasLeader(), request.getLeader());
          KeyValueStore store = setup.store().get();
          return resign(key, new Revision(request.getLeader().getRev()), store)
              .thenCompose(
                  done ->
                      done.map(CompletableFuture::completedFuture)
                          .orElseGet(() -> store.revision(Freshness.LINEARIZABLE)))
              .thenApply(
                  revision ->
                      ResignResponse.newBuilder().setHeader(headers.of(store, revision)).build());
        });
  }

  @Override
  public void leader(LeaderRequest request, StreamObserver<LeaderResponse> client) {
    replies.answer(
        client,
        () -> {
          KeyValueStore store = setup.store().get();
          return contest
              .list(request.getName(), store)
              .thenApplyAsync(
                  listing -> {
                    Entry leads =
                        Contest.first(listing)
                            .orElseThrow(() -> Contest.unknown("election: no leader"));
                    return leader(headers, leads, listing.revision(), store);
                  },
                  setup.threads());
        });
  }

  static LeaderResponse leader(
      Headers headers, Entry leads, Revision revision, KeyValueStore store) {
    return LeaderResponse.newBuilder()
        .setHeader(headers.of(store, revision))
        .setKv(KeyValues.of(leads))
        .build();
  }

  @Override
  public void observe(LeaderRequest request, StreamObserver<LeaderResponse> client) {
    Observation observation;
    try {
      observation =
          new Observation(
              (ServerCallStreamObserver<LeaderResponse>) client,
              setup,
              setup.store().get(),
              request.getName(),
              open::remove);
    } catch (RuntimeException failure) {
      client.onError(Failures.told(failure));
      return;
    }
    open.add(observation);
    if (closed) {
      observation.stop();
    }
    observation.begin();
  }

  public void close() {
    closed = true;
    open.forEach(Observation::stop);
  }
}
