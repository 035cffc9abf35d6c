package io.kubekv.etcdv3.lease;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.kubekv.Freshness;
import io.kubekv.KeyValueStore;
import io.kubekv.Session;
import io.kubekv.SessionBehavior;
import io.kubekv.SessionId;
import io.kubekv.SessionKeys;
import io.kubekv.SessionSpan;
import io.kubekv.SessionSpec;
import io.kubekv.etcdv3.call.Failures;
import io.kubekv.etcdv3.call.Headers;
import io.kubekv.etcdv3.call.Replies;
import io.kubekv.etcdv3.call.Setup;
import io.kubekv.etcdv3.keys.Keys;
import io.kubekv.etcdv3.keys.LeaseIds;
import io.kubekv.etcdv3.wire.LeaseGrantRequest;
import io.kubekv.etcdv3.wire.LeaseGrantResponse;
import io.kubekv.etcdv3.wire.LeaseGrpc;
import io.kubekv.etcdv3.wire.LeaseKeepAliveRequest;
import io.kubekv.etcdv3.wire.LeaseKeepAliveResponse;
import io.kubekv.etcdv3.wire.LeaseLeasesRequest;
import io.kubekv.etcdv3.wire.LeaseLeasesResponse;
import io.kubekv.etcdv3.wire.LeaseRevokeRequest;
import io.kubekv.etcdv3.wire.LeaseRevokeResponse;
import io.kubekv.etcdv3.wire.LeaseStatus;
import io.kubekv.etcdv3.wire.LeaseTimeToLiveRequest;
import io.kubekv.etcdv3.wire.LeaseTimeToLiveResponse;
import io.kubekv.etcdv3.wire.ResponseHeader;
import io.kubekv.transport.limits.Use;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * {@code etcdserverpb.Lease}: a lease is a session that lives once its time to live, and the keys
 * that are put with it are attached to it.
 */
public final class LeaseService extends LeaseGrpc.LeaseImplBase {
  /** etcd's own: 1.5 times its time of an election, in whole seconds. */
  private static final long SHORTEST_SECONDS = 2;

  private static final long LONGEST_SECONDS = 9_000_000_000L;
  private static final String NAME = "etcd v3 lease";

  private final Setup setup;
  private final Headers headers;
  private final Replies replies;
  private final LeaseTimes times;
  private final SecureRandom random = new SecureRandom();
  private final Set<KeepAlives> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  public LeaseService(Setup setup, LeaseTimes times) {
    this.setup = setup;
    this.headers = new Headers(setup.members());
    this.replies = new Replies(setup.threads(), setup.timer());
    this.times = times;
  }

  /** Whether the session that was answered is the one that was asked for, or was there before. */
  private static boolean isNew(Session answered, SessionSpec asked) {
    return answered.spec().note().equals(asked.note());
  }

  @Override
  public void leaseGrant(LeaseGrantRequest request, StreamObserver<LeaseGrantResponse> client) {
    replies.answer(
        client,
        () -> {
          if (request.getTTL() > LONGEST_SECONDS) {
            throw Failures.TTL_TOO_LARGE.asRuntimeException();
          }
          KeyValueStore store = setup.store().get();
          long id = request.getID() == 0 ? anyId() : request.getID();
          return granted(id, Math.max(SHORTEST_SECONDS, request.getTTL()), store);
        });
  }

  private CompletableFuture<LeaseGrantResponse> granted(
      long id, long seconds, KeyValueStore store) {
    SessionSpec spec = spec(id, seconds);
    return store
        .sessions()
        .create(spec)
        .thenApply(
            session -> {
              if (!isNew(session, spec)) {
                throw Failures.LEASE_EXISTS.asRuntimeException();
              }
              times.renewed(id, Duration.ofSeconds(seconds));
              return LeaseGrantResponse.newBuilder()
                  .setHeader(headers.of(store))
                  .setID(id)
                  .setTTL(seconds)
                  .build();
            });
  }

  private SessionSpec spec(long id, long seconds) {
    return SessionSpec.of(LeaseIds.session(id))
        .withName(NAME)
        .withTimeToLive(Duration.ofSeconds(seconds))
        .withSpan(SessionSpan.ONCE)
        .withBehavior(SessionBehavior.DELETE)
        .withNote(Long.toHexString(random.nextLong()));
  }

  private long anyId() {
    return Math.max(1, random.nextLong() >>> 1);
  }

  /** The lease that is given; for whoever brings none, one of its own. */
  public CompletableFuture<Long> orOwn(long lease, Duration timeToLive, KeyValueStore store) {
    return lease == 0
        ? granted(anyId(), timeToLive.toSeconds(), store).thenApply(LeaseGrantResponse::getID)
        : CompletableFuture.completedFuture(lease);
  }

  @Override
  public void leaseRevoke(LeaseRevokeRequest request, StreamObserver<LeaseRevokeResponse> client) {
    replies.answer(
        client,
        () -> {
          KeyValueStore store = setup.store().get();
          return store
              .sessions()
              .destroy(LeaseIds.session(request.getID()))
              .thenCompose(
                  lived -> {
                    if (!lived) {
                      throw Failures.LEASE_NOT_FOUND.asRuntimeException();
                    }
                    times.ended(request.getID());
                    return store
                        .revision(Freshness.LINEARIZABLE)
                        .exceptionally(done -> store.status().revision());
                  })
              .thenApply(
                  now ->
                      LeaseRevokeResponse.newBuilder().setHeader(headers.of(store, now)).build());
        });
  }

  @Override
  public void leaseTimeToLive(
      LeaseTimeToLiveRequest request, StreamObserver<LeaseTimeToLiveResponse> client) {
    replies.answer(
        client,
        () -> {
          KeyValueStore store = setup.store().get();
          SessionId id = LeaseIds.session(request.getID());
          return request.getKeys()
              ? store
                  .sessions()
                  .keys(id, Freshness.LINEARIZABLE)
                  .thenApplyAsync(found -> timeToLive(request, found, store), setup.threads())
              : store
                  .sessions()
                  .get(id, Freshness.LINEARIZABLE)
                  .thenApply(
                      found -> timeToLive(request, found.session(), headers.of(store)).build());
        });
  }

  private LeaseTimeToLiveResponse timeToLive(
      LeaseTimeToLiveRequest request, SessionKeys found, KeyValueStore store) {
    LeaseTimeToLiveResponse.Builder answer =
        timeToLive(request, found.session(), headers.of(store, found.revision()));
    found.keys().forEach(key -> answer.addKeys(Keys.bytes(key)));
    return answer.build();
  }

  private LeaseTimeToLiveResponse.Builder timeToLive(
      LeaseTimeToLiveRequest request, Optional<Session> found, ResponseHeader header) {
    LeaseTimeToLiveResponse.Builder answer =
        LeaseTimeToLiveResponse.newBuilder().setHeader(header).setID(request.getID());
    if (found.isEmpty()) {
      return answer.setTTL(-1);
    }
    Duration whole = timeToLive(found.get());
    return answer
        .setTTL(times.secondsLeft(request.getID(), whole))
        .setGrantedTTL(whole.toSeconds());
  }

  private static Duration timeToLive(Session session) {
    return session.spec().timeToLive().orElse(Duration.ofSeconds(LONGEST_SECONDS));
  }

  @Override
  public void leaseLeases(LeaseLeasesRequest request, StreamObserver<LeaseLeasesResponse> client) {
    replies.answer(
        client,
        () -> {
          KeyValueStore store = setup.store().get();
          return store
              .sessions()
              .list(Freshness.LINEARIZABLE)
              .thenApplyAsync(
                  all -> {
                    LeaseLeasesResponse.Builder answer =
                        LeaseLeasesResponse.newBuilder().setHeader(headers.of(store));
                    all.sessions().stream()
                        .flatMapToLong(each -> LeaseIds.lease(each.id()).stream())
                        .forEach(id -> answer.addLeases(LeaseStatus.newBuilder().setID(id)));
                    return answer.build();
                  },
                  setup.threads());
        });
  }

  @Override
  public StreamObserver<LeaseKeepAliveRequest> leaseKeepAlive(
      StreamObserver<LeaseKeepAliveResponse> client) {
    return Replies.stream(
        client,
        () -> {
          KeepAlives stream =
              new KeepAlives(
                  (ServerCallStreamObserver<LeaseKeepAliveResponse>) client,
                  setup.store().get(),
                  this,
                  Use.current().flatMap(Use::budget),
                  setup.threads(),
                  open::remove);
          open.add(stream);
          if (closed) {
            stream.stop();
          }
          return stream;
        });
  }

  /** Renews a lease: the answer has 0 as its time to live when there is none. */
  CompletableFuture<LeaseKeepAliveResponse> renewed(long id, KeyValueStore store) {
    LeaseKeepAliveResponse.Builder answer =
        LeaseKeepAliveResponse.newBuilder().setHeader(headers.of(store)).setID(id);
    return store
        .sessions()
        .renew(LeaseIds.session(id))
        .thenApply(
            session -> {
              session
                  .map(LeaseService::timeToLive)
                  .ifPresent(
                      whole -> {
                        times.renewed(id, whole);
                        answer.setTTL(whole.toSeconds());
                      });
              return answer.build();
            });
  }

  public void close() {
    closed = true;
    open.forEach(KeepAlives::stop);
  }
}
