package io.kubekv.replica;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.kubekv.KeyValueStore;
import io.kubekv.Revision;
import io.kubekv.replica.v1.ReplicaProto;
import io.kubekv.replica.v1.ReplicasGrpc;
import io.kubekv.wire.Errors;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this replica joined to the one that holds the lease: knows the way there, keeps one stream
 * open to it, and tells the backend what it announces. One thread ({@link #run}) does it.
 */
final class Following implements Forwarding.Elsewhere, Runnable, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Following.class);

  /** Short, because a holder that does not answer may have a successor by then. */
  private static final String NO_ADDRESS =
      " holds the lease and says no address to forward to: start it with --advertise-replica, or"
          + " with --grpc-listen on an address that this replica reaches";

  private final LocalReplica local;
  private final Membership membership;
  private final ReplicaSettings settings;
  private final ConnectionLoop loop;
  private final Backfill backfill;
  private final FeatureSwitch features;
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile @Nullable HolderLink link;
  private volatile String trouble = "nothing was heard from a holder of the lease yet";
  private volatile long heardNanos;
  private volatile boolean heard;
  private volatile long levelNanos;

  Following(
      LocalReplica local, Membership membership, ReplicaSettings settings, ConnectionLoop loop) {
    this.local = local;
    this.membership = membership;
    this.settings = settings;
    this.loop = loop;
    this.backfill = new Backfill(local);
    this.features = new FeatureSwitch(local, membership, System::nanoTime);
  }

  /** One stream; over when the holder or the network ended it. */
  private final class Stream extends ClientCall.Listener<ReplicaProto.Announcement> {
    private final ClientCall<ReplicaProto.FollowRequest, ReplicaProto.Announcement> call;
    private volatile Revision announced = Revision.ZERO;
    private volatile boolean over;

    Stream(HolderLink to) {
      call = to.channel().newCall(ReplicasGrpc.getFollowMethod(), CallOptions.DEFAULT);
    }

    void open() {
      call.start(this, new Metadata());
      call.request(1);
      call.sendMessage(
          ReplicaProto.FollowRequest.newBuilder().setMember(membership.self().toWire()).build());
      call.halfClose();
    }

    @Override
    public void onMessage(ReplicaProto.Announcement news) {
      if (!local.announced(read(news), news.getStoreId())) {
        call.cancel("it serves another store than this replica", null);
        return;
      }
      if (news.hasMembers()) {
        membership.hear(news.getMembers().getMembersList().stream().map(Member::of).toList());
      }
      announced = new Revision(news.getRevision());
      heardNanos = System.nanoTime();
      heard = true;
      if (!local.shown().isBefore(announced)) {
        levelNanos = heardNanos;
      }
      trouble = "";
      call.request(1);
    }

    private LocalReplica.News read(ReplicaProto.Announcement news) {
      return new LocalReplica.News(
          new Revision(news.getRevision()), news.getEpoch(), news.getPosition(), news.getNonce());
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      trouble = "the holder of the lease does not announce: " + Errors.describe(status);
      over = true;
    }
  }

  /** The way to the holder; empty when nobody is known to hold the lease, or this process does. */
  @Override
  public Optional<KeyValueStore> holder() {
    return Optional.ofNullable(link).map(HolderLink::knowing);
  }

  /** How long ago the holder was heard; empty when it never was. */
  Optional<Duration> silence() {
    return heard ? Optional.of(Duration.ofNanos(System.nanoTime() - heardNanos)) : Optional.empty();
  }

  /** Why this replica is not up to date; empty when it is. */
  @Override
  public String problem() {
    if (link == null) {
      return local
          .lease()
          .filter(lease -> !lease.ours() && lease.address().isEmpty())
          .map(lease -> lease.holder() + NO_ADDRESS)
          .orElse("nobody else is known to hold the store's lease");
    }
    boolean fresh = silence().filter(time -> time.compareTo(settings.fresh()) < 0).isPresent();
    if (!fresh) {
      return trouble.isEmpty() ? "the holder of the lease is silent" : trouble;
    }
    if (!local.isFilled()) {
      return "the store's objects are not announced yet";
    }
    if (!backfill.isDone()) {
      return "the holder is asked for its history";
    }
    return System.nanoTime() - levelNanos < settings.fresh().toNanos() ? "" : behind();
  }

  /** Its own watch of the API is what brings events: the holder says only how far it is. */
  private String behind() {
    LocalReplica.State now = local.state();
    return "it has come to revision "
        + now.shown()
        + ", but "
        + now.announced()
        + " is announced"
        + (now.problem().isEmpty() ? "" : "; " + now.problem());
  }

  @Override
  public void run() {
    try {
      while (!closed.get()) {
        followWanted();
        features.look();
        Thread.sleep(settings.tick());
      }
    } catch (InterruptedException stopped) {
      log.debug("nobody is followed any more: this replica closes");
    } finally {
      unlink(); // waits for its connection, which the event loop must outlive
    }
  }

  private void followWanted() throws InterruptedException {
    try {
      Optional<LocalReplica.Lease> holder = wanted();
      if (holder.isPresent()) {
        follow(link(holder.get()));
      } else {
        unlink();
      }
    } catch (RuntimeException bug) {
      trouble = "the holder of the lease cannot be followed: " + bug;
      log.error("the holder of the lease is followed anew", bug);
      unlink();
    }
  }

  /** Who is to be followed. */
  private Optional<LocalReplica.Lease> wanted() {
    return local.isActive()
        ? Optional.empty()
        : local.lease().filter(lease -> !lease.ours() && !lease.address().isEmpty());
  }

  /** Until the stream ends, or somebody else is to be followed. */
  private void follow(HolderLink to) throws InterruptedException {
    Stream stream = new Stream(to);
    stream.open();
    try {
      while (!closed.get() && !stream.over && wanted().filter(to::leadsTo).isPresent()) {
        backfill.start(to.store(), stream.announced);
        Thread.sleep(settings.tick());
      }
    } finally {
      stream.call.cancel("another replica is followed, or none", null);
    }
    if (stream.over && isLately(to.lease().duration())) {
      local.hurry();
    }
  }

  /** Whether the lease may be about to change hands: a holder that is cut off can keep it long. */
  private boolean isLately(Duration lease) {
    return silence().filter(time -> time.compareTo(lease.multipliedBy(2)) < 0).isPresent();
  }

  private HolderLink link(LocalReplica.Lease holder) {
    HolderLink known = link;
    if (known != null && known.leadsTo(holder)) {
      return known;
    }
    unlink();
    log.info("{} holds the lease, at {}: it is followed", holder.holder(), holder.address());
    HolderLink next = HolderLink.to(holder, local, settings, loop);
    link = next;
    return next;
  }

  private void unlink() {
    HolderLink former = link;
    link = null;
    if (former != null) {
      former.close();
    }
  }

  @Override
  public void close() {
    closed.set(true);
  }
}
