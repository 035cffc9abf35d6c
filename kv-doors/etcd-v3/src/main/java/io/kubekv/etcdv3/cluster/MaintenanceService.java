package io.kubekv.etcdv3.cluster;

import io.grpc.stub.StreamObserver;
import io.kubekv.Freshness;
import io.kubekv.KeyValueStore;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.StoreStatus;
import io.kubekv.etcdv3.call.Failures;
import io.kubekv.etcdv3.call.Headers;
import io.kubekv.etcdv3.call.History;
import io.kubekv.etcdv3.call.Release;
import io.kubekv.etcdv3.call.Replies;
import io.kubekv.etcdv3.call.Setup;
import io.kubekv.etcdv3.wire.AlarmRequest;
import io.kubekv.etcdv3.wire.AlarmResponse;
import io.kubekv.etcdv3.wire.DefragmentRequest;
import io.kubekv.etcdv3.wire.DefragmentResponse;
import io.kubekv.etcdv3.wire.DowngradeInfo;
import io.kubekv.etcdv3.wire.DowngradeRequest;
import io.kubekv.etcdv3.wire.DowngradeResponse;
import io.kubekv.etcdv3.wire.HashKVRequest;
import io.kubekv.etcdv3.wire.HashKVResponse;
import io.kubekv.etcdv3.wire.HashRequest;
import io.kubekv.etcdv3.wire.HashResponse;
import io.kubekv.etcdv3.wire.MaintenanceGrpc;
import io.kubekv.etcdv3.wire.MoveLeaderRequest;
import io.kubekv.etcdv3.wire.MoveLeaderResponse;
import io.kubekv.etcdv3.wire.SnapshotRequest;
import io.kubekv.etcdv3.wire.SnapshotResponse;
import io.kubekv.etcdv3.wire.StatusRequest;
import io.kubekv.etcdv3.wire.StatusResponse;
import java.util.concurrent.CompletableFuture;

/** {@code etcdserverpb.Maintenance}, as far as it means something here. */
public final class MaintenanceService extends MaintenanceGrpc.MaintenanceImplBase {
  private static final long NEVER_COMPACTED = -1;

  private final Setup setup;
  private final Headers headers;
  private final Replies replies;

  public MaintenanceService(Setup setup) {
    this.setup = setup;
    this.headers = new Headers(setup.members());
    this.replies = new Replies(setup.threads(), setup.timer());
  }

  @Override
  public void status(StatusRequest request, StreamObserver<StatusResponse> client) {
    replies.answer(client, () -> CompletableFuture.completedFuture(status()));
  }

  /** The log's positions are not told: the revision, which only grows, stands for them. */
  private StatusResponse status() {
    StoreStatus now = setup.whole().status();
    long leader = setup.members().leader().orElse(0L);
    StatusResponse.Builder answer =
        StatusResponse.newBuilder()
            .setHeader(headers.of(setup.whole(), now.revision()))
            .setVersion(Release.VERSION)
            .setStorageVersion(Release.CLUSTER_VERSION)
            .setDbSize(now.bytes())
            .setDbSizeInUse(now.bytes())
            .setLeader(leader)
            .setRaftIndex(now.revision().value())
            .setRaftAppliedIndex(now.revision().value())
            .setRaftTerm(setup.members().term())
            .setDowngradeInfo(DowngradeInfo.getDefaultInstance());
    if (leader == 0) {
      answer.addErrors(String.valueOf(Failures.NO_LEADER.getDescription()));
    }
    if (!now.ready()) {
      answer.addErrors("kubekv: " + now.reason());
    }
    return answer.build();
  }

  @Override
  public void alarm(AlarmRequest request, StreamObserver<AlarmResponse> client) {
    if (request.getAction() == AlarmRequest.AlarmAction.ACTIVATE) {
      client.onError(
          Failures.unimplemented("alarms are raised by metrics and their rules (the Helm chart)")
              .asRuntimeException());
      return;
    }
    replies.answer(
        client,
        () ->
            CompletableFuture.completedFuture(
                AlarmResponse.newBuilder().setHeader(headers.of(setup.whole())).build()));
  }

  /** There is nothing to be put in order. The answer has no header, as etcd's. */
  @Override
  public void defragment(DefragmentRequest request, StreamObserver<DefragmentResponse> client) {
    replies.answer(
        client, () -> CompletableFuture.completedFuture(DefragmentResponse.getDefaultInstance()));
  }

  @Override
  public void hash(HashRequest request, StreamObserver<HashResponse> client) {
    replies.answer(
        client,
        () -> {
          KeyValueStore store = setup.store().get();
          return all(store, Freshness.LINEARIZABLE)
              .thenApplyAsync(
                  listing ->
                      HashResponse.newBuilder()
                          .setHeader(headers.of(store, listing.revision()))
                          .setHash(StateHash.of(listing.entries()))
                          .build(),
                  setup.threads());
        });
  }

  @Override
  public void hashKV(HashKVRequest request, StreamObserver<HashKVResponse> client) {
    replies.answer(
        client,
        () -> {
          KeyValueStore store = setup.store().get();
          Freshness wanted =
              request.getRevision() == 0
                  ? Freshness.LINEARIZABLE
                  : new Freshness.At(new Revision(request.getRevision()));
          return all(store, wanted)
              .thenApplyAsync(listing -> hash(listing, request, store), setup.threads());
        });
  }

  private HashKVResponse hash(Listing listing, HashKVRequest request, KeyValueStore store) {
    long at = request.getRevision() == 0 ? listing.revision().value() : request.getRevision();
    return HashKVResponse.newBuilder()
        .setHeader(headers.of(store))
        .setHash(StateHash.of(listing.entries()))
        .setHashRevision(at)
        .setCompactRevision(
            History.isWhole(store) ? NEVER_COMPACTED : store.status().oldest().value())
        .build();
  }

  /** On a thread: it goes through the whole store. */
  private CompletableFuture<Listing> all(KeyValueStore store, Freshness freshness) {
    return CompletableFuture.completedFuture(ListRequest.of(Range.all()))
        .thenComposeAsync(everything -> store.list(everything, freshness), setup.threads());
  }

  @Override
  public void snapshot(SnapshotRequest request, StreamObserver<SnapshotResponse> client) {
    refuse(client, "there is no database file to save; use kubekv export and kubekv import");
  }

  @Override
  public void moveLeader(MoveLeaderRequest request, StreamObserver<MoveLeaderResponse> client) {
    refuse(client, "use kubekv pass-over, or stop the replica that writes");
  }

  @Override
  public void downgrade(DowngradeRequest request, StreamObserver<DowngradeResponse> client) {
    refuse(client, "there is no etcd to downgrade; the version of kubekv is that of its image");
  }

  private static void refuse(StreamObserver<?> client, String why) {
    client.onError(Failures.unimplemented(why).asRuntimeException());
  }
}
