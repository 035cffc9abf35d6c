package io.kubekv.replica;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.kubekv.KeyValueStore;
import io.kubekv.UnavailableException;
import io.kubekv.replica.v1.ReplicaProto;
import io.kubekv.replica.v1.ReplicasGrpc;
import io.kubekv.wire.Errors;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code kubekv.replica.v1}: what the holder does for its followers, and what anybody may ask. */
final class ReplicasService extends ReplicasGrpc.ReplicasImplBase {
  private final LocalReplica local;
  private final KeyValueStore store;
  private final Membership membership;
  private final ReplicaSettings settings;
  private final Executor threads;
  private final Supplier<ReplicaProto.StatusResponse> status;
  private final Set<Follower> followers = ConcurrentHashMap.newKeySet();
  private volatile boolean ending;

  /**
   * @param store this process's own, for the store's id
   */
  ReplicasService(
      LocalReplica local,
      KeyValueStore store,
      Membership membership,
      ReplicaSettings settings,
      Executor threads,
      Supplier<ReplicaProto.StatusResponse> status) {
    this.local = local;
    this.store = store;
    this.membership = membership;
    this.settings = settings;
    this.threads = threads;
    this.status = status;
  }

  /** One stream; its thread writes, and forgets what a slow follower has not read. */
  private final class Follower implements Runnable {
    private final Member member;
    private final ServerCallStreamObserver<ReplicaProto.Announcement> client;
    private volatile @Nullable Thread thread;
    private long toldMembers = -1;

    Follower(Member member, ServerCallStreamObserver<ReplicaProto.Announcement> client) {
      this.member = member;
      this.client = client;
    }

    @Override
    public void run() {
      thread = Thread.currentThread();
      followers.add(this);
      membership.joined(member);
      try {
        announce();
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      } finally {
        membership.left(member);
        followers.remove(this);
        client.onError(notHolder());
      }
    }

    void end() {
      Thread running = thread;
      if (running != null) {
        running.interrupt();
      }
    }

    /** Until the lease or the follower is gone. */
    private void announce() throws InterruptedException {
      Optional<LocalReplica.News> news = local.news();
      while (news.isPresent() && !ending && !client.isCancelled()) {
        if (client.isReady()) {
          client.onNext(announcement(news.get()));
        }
        news = local.awaitNews(news.get(), settings.heartbeat());
      }
    }

    private ReplicaProto.Announcement announcement(LocalReplica.News news) {
      ReplicaProto.Announcement.Builder message =
          ReplicaProto.Announcement.newBuilder()
              .setStoreId(store.id())
              .setRevision(news.revision().value())
              .setEpoch(news.epoch())
              .setPosition(news.position())
              .setNonce(news.nonce());
      long version = membership.version();
      if (version != toldMembers) {
        toldMembers = version;
        ReplicaProto.Members.Builder members = message.getMembersBuilder();
        membership.following().forEach(each -> members.addMembers(each.toWire()));
      }
      return message.build();
    }
  }

  @Override
  public void follow(
      ReplicaProto.FollowRequest request, StreamObserver<ReplicaProto.Announcement> client) {
    ServerCallStreamObserver<ReplicaProto.Announcement> stream =
        (ServerCallStreamObserver<ReplicaProto.Announcement>) client;
    stream.setOnCancelHandler(() -> {});
    threads.execute(new Follower(Member.of(request.getMember()), stream));
  }

  @Override
  public void status(
      ReplicaProto.StatusRequest request, StreamObserver<ReplicaProto.StatusResponse> client) {
    client.onNext(status.get());
    client.onCompleted();
  }

  /** Tells every follower that this replica goes, and takes no more. */
  void end() {
    ending = true;
    followers.forEach(Follower::end);
  }

  private static StatusRuntimeException notHolder() {
    return Errors.toWire(new UnavailableException("this replica does not hold the lease"));
  }
}
