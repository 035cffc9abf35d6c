package io.kubekv.etcdv3.probes;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.kubekv.etcdv3.wire.CompactionRequest;
import io.kubekv.etcdv3.wire.DeleteRangeRequest;
import io.kubekv.etcdv3.wire.KVGrpc;
import io.kubekv.etcdv3.wire.LeaseGrantRequest;
import io.kubekv.etcdv3.wire.LeaseGrantResponse;
import io.kubekv.etcdv3.wire.LeaseGrpc;
import io.kubekv.etcdv3.wire.LeaseRevokeRequest;
import io.kubekv.etcdv3.wire.LeaseRevokeResponse;
import io.kubekv.etcdv3.wire.LeaseTimeToLiveRequest;
import io.kubekv.etcdv3.wire.LeaseTimeToLiveResponse;
import io.kubekv.etcdv3.wire.PutRequest;
import io.kubekv.etcdv3.wire.RangeRequest;
import io.kubekv.etcdv3.wire.TxnRequest;
import io.kubekv.etcdv3.wire.WatchCreateRequest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server that programs are run on: one after the other, since they count its revisions. */
public final class Probed implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 30;

  private final boolean isEtcd;
  private final ManagedChannel channel;
  private long requests;

  /**
   * @param isEtcd whether leases have no revisions of their own
   */
  public Probed(InetSocketAddress address, boolean isEtcd) {
    this(
        NettyChannelBuilder.forAddress(address)
            .usePlaintext()
            .maxInboundMessageSize(Integer.MAX_VALUE)
            .build(),
        isEtcd);
  }

  /**
   * @param channel taken over
   * @param isEtcd as above
   */
  public Probed(ManagedChannel channel, boolean isEtcd) {
    this.channel = channel;
    this.isEtcd = isEtcd;
  }

  private KVGrpc.KVBlockingStub kv() {
    return KVGrpc.newBlockingStub(channel).withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private LeaseGrpc.LeaseBlockingStub lease() {
    return LeaseGrpc.newBlockingStub(channel).withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** Requests of programs that it has answered. */
  public long requests() {
    return requests;
  }

  /**
   * Runs a program on keys and leases that nobody has.
   *
   * @return an answer for each step, and what each of its watches was told
   */
  List<String> run(List<Message> program, String prefix, long firstLease, int leases)
      throws IOException {
    clean(firstLease, leases);
    Revisions revisions = new Revisions(revision(prefix));
    List<String> answers = new ArrayList<>();
    try (Watched watched = new Watched(channel, prefix, revisions)) {
      for (Message step : program) {
        Message request = Answered.moved(step, revisions::on);
        requests++;
        answers.add(Answered.by(revisions, () -> send(request, revisions, watched)));
      }
      end(prefix);
      answers.addAll(watched.events());
    }
    revoke(firstLease, leases);
    return answers;
  }

  /** What all watches see last. */
  private void end(String prefix) {
    ByteString last = Programs.last(prefix);
    var unused = kv().put(PutRequest.newBuilder().setKey(last).build());
    var unusedToo = kv().deleteRange(DeleteRangeRequest.newBuilder().setKey(last).build());
    requests += 2;
  }

  /**
   * Of all keys, those of earlier programs too: a program may delete all that follow its own, and
   * how far back their revisions are is not the same, since leases take some here.
   */
  private void clean(long firstLease, int leases) {
    var unused =
        kv().deleteRange(
                DeleteRangeRequest.newBuilder()
                    .setKey(Survivable.NUL)
                    .setRangeEnd(Survivable.NUL)
                    .build());
    revoke(firstLease, leases);
  }

  /** Behind a program, too: a lease that ran out during a later one would take a revision here. */
  private void revoke(long firstLease, int leases) {
    for (long lease = firstLease; lease < firstLease + leases; lease++) {
      try {
        var unusedToo = lease().leaseRevoke(LeaseRevokeRequest.newBuilder().setID(lease).build());
      } catch (StatusRuntimeException none) {
        // there need not be one
      }
    }
  }

  private long revision(String prefix) {
    ByteString any = ByteString.copyFromUtf8(prefix);
    return kv().range(RangeRequest.newBuilder().setKey(any).build()).getHeader().getRevision();
  }

  private Message send(Message request, Revisions revisions, Watched watched) {
    return switch (request) {
      case PutRequest put -> kv().put(put);
      case RangeRequest range -> kv().range(range);
      case DeleteRangeRequest delete -> kv().deleteRange(delete);
      case TxnRequest txn -> kv().txn(txn);
      case CompactionRequest compaction -> kv().compact(compaction);
      case LeaseGrantRequest grant -> grant(grant, revisions);
      case LeaseRevokeRequest revoke -> revoke(revoke, revisions);
      case LeaseTimeToLiveRequest ttl -> timeToLive(ttl);
      case WatchCreateRequest watch -> watched.create(begun(watch));
      default -> throw new IllegalArgumentException(request.toString());
    };
  }

  /** None begins later than with the next change: which revision that has is not known before. */
  private WatchCreateRequest begun(WatchCreateRequest watch) {
    RangeRequest any = RangeRequest.newBuilder().setKey(watch.getKey()).build();
    long next = kv().range(any).getHeader().getRevision() + 1;
    return watch.toBuilder().setStartRevision(Math.min(watch.getStartRevision(), next)).build();
  }

  /** etcd tells keys in any order, and time passes. */
  private Message timeToLive(LeaseTimeToLiveRequest request) {
    LeaseTimeToLiveResponse answer = lease().leaseTimeToLive(request);
    return answer.toBuilder()
        .setTTL(Math.min(1, answer.getTTL()))
        .clearKeys()
        .addAllKeys(
            answer.getKeysList().stream()
                .sorted(ByteString.unsignedLexicographicalComparator())
                .toList())
        .build();
  }

  private Message grant(LeaseGrantRequest grant, Revisions revisions) {
    LeaseGrantResponse granted = lease().leaseGrant(grant);
    if (!isEtcd) {
      revisions.leave(granted.getHeader().getRevision());
    }
    return granted;
  }

  private Message revoke(LeaseRevokeRequest revoke, Revisions revisions) {
    LeaseTimeToLiveRequest asking =
        LeaseTimeToLiveRequest.newBuilder().setID(revoke.getID()).setKeys(true).build();
    boolean holds = lease().leaseTimeToLive(asking).getKeysCount() > 0;
    LeaseRevokeResponse revoked = lease().leaseRevoke(revoke);
    if (!isEtcd && !holds) {
      revisions.leave(revoked.getHeader().getRevision());
    }
    return revoked;
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
