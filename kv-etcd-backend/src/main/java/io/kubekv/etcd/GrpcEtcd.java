package io.kubekv.etcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseGrantResponse;
import io.etcd.jetcd.api.LeaseGrpc;
import io.etcd.jetcd.api.LeaseKeepAliveRequest;
import io.etcd.jetcd.api.LeaseRevokeRequest;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import io.etcd.jetcd.api.WatchCreateRequest;
import io.etcd.jetcd.api.WatchGrpc;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@link Etcd} by jetcd's stubs on one channel to all members. */
final class GrpcEtcd implements Etcd {
  private final ManagedChannel channel;
  private final LoginToken token;
  private final Members members;
  private final WatchGrpc.WatchStub watches;

  private GrpcEtcd(ManagedChannel channel, LoginToken token, Members members) {
    this.channel = channel;
    this.token = token;
    this.members = members;
    // a member without a leader ends the stream instead of going quiet
    this.watches =
        WatchGrpc.newStub(channel)
            .withInterceptors(
                token, MetadataUtils.newAttachHeadersInterceptor(Channels.requireLeader()));
  }

  static GrpcEtcd connect(EtcdAccess access) {
    ManagedChannel channel = Channels.open(access);
    LoginToken token = new LoginToken(channel, access.login());
    return new GrpcEtcd(channel, token, new Members(access, token));
  }

  @Override
  public RangeResponse range(RangeRequest request, Deadline deadline) throws EtcdFailure {
    return call(KVGrpc.getRangeMethod(), request, deadline);
  }

  @Override
  public TxnResponse txn(TxnRequest request, Deadline deadline) throws EtcdFailure {
    return call(KVGrpc.getTxnMethod(), request, deadline);
  }

  @Override
  public long mark(ByteString key, long lease, Deadline deadline) throws EtcdFailure {
    PutRequest request = PutRequest.newBuilder().setKey(key).setLease(lease).build();
    return call(KVGrpc.getPutMethod(), request, deadline).getHeader().getRevision();
  }

  @Override
  public Grant grant(long seconds, Deadline deadline) throws EtcdFailure {
    LeaseGrantResponse answer =
        call(
            LeaseGrpc.getLeaseGrantMethod(),
            LeaseGrantRequest.newBuilder().setTTL(seconds).build(),
            deadline);
    return new Grant(answer.getID(), Duration.ofSeconds(answer.getTTL()));
  }

  @Override
  public boolean keepAlive(long lease, Deadline deadline) throws EtcdFailure {
    var options = CallOptions.DEFAULT.withDeadlineAfter(deadline.left(), TimeUnit.NANOSECONDS);
    try {
      var answers =
          ClientCalls.blockingServerStreamingCall(
              token.on(channel),
              LeaseGrpc.getLeaseKeepAliveMethod(),
              options,
              LeaseKeepAliveRequest.newBuilder().setID(lease).build());
      return answers.hasNext() && answers.next().getTTL() > 0;
    } catch (StatusRuntimeException failed) {
      throw token.noted(EtcdFailure.of(failed));
    }
  }

  @Override
  public void revoke(long lease, Deadline deadline) throws EtcdFailure {
    call(
        LeaseGrpc.getLeaseRevokeMethod(),
        LeaseRevokeRequest.newBuilder().setID(lease).build(),
        deadline);
  }

  @Override
  public EtcdStream watch(ByteString from, ByteString end, long revision, boolean previous) {
    WatchCreateRequest.Builder create =
        WatchCreateRequest.newBuilder()
            .setKey(from)
            .setRangeEnd(end)
            .setStartRevision(revision)
            .setPrevKv(previous);
    GrpcStream stream = new GrpcStream();
    stream.open(watches, create.build());
    return stream;
  }

  @Override
  public List<EtcdCluster.Member> members(Deadline deadline) {
    return members.ask(deadline);
  }

  @Override
  public void reconnect() {
    channel.resetConnectBackoff();
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }

  private <Q, A> A call(MethodDescriptor<Q, A> method, Q request, Deadline deadline)
      throws EtcdFailure {
    try {
      return once(method, request, deadline);
    } catch (EtcdFailure failed) {
      if (failed.kind() != EtcdFailure.Kind.LOGIN_ENDED || !token.renewable()) {
        throw failed;
      }
      return once(method, request, deadline);
    }
  }

  private <Q, A> A once(MethodDescriptor<Q, A> method, Q request, Deadline deadline)
      throws EtcdFailure {
    if (deadline.passed()) {
      throw new EtcdFailure(EtcdFailure.Kind.REFUSED, "no time was left to ask");
    }
    var options = CallOptions.DEFAULT.withDeadlineAfter(deadline.left(), TimeUnit.NANOSECONDS);
    try {
      return ClientCalls.blockingUnaryCall(token.on(channel), method, options, request);
    } catch (StatusRuntimeException failed) {
      throw token.noted(EtcdFailure.of(failed));
    }
  }
}
