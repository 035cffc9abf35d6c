package io.kubekv.etcdv3.cluster;

import io.grpc.stub.StreamObserver;
import io.kubekv.etcdv3.call.CameBy;
import io.kubekv.etcdv3.call.Failures;
import io.kubekv.etcdv3.call.Headers;
import io.kubekv.etcdv3.call.Members;
import io.kubekv.etcdv3.call.Replies;
import io.kubekv.etcdv3.call.Setup;
import io.kubekv.etcdv3.wire.ClusterGrpc;
import io.kubekv.etcdv3.wire.Member;
import io.kubekv.etcdv3.wire.MemberAddRequest;
import io.kubekv.etcdv3.wire.MemberAddResponse;
import io.kubekv.etcdv3.wire.MemberListRequest;
import io.kubekv.etcdv3.wire.MemberListResponse;
import io.kubekv.etcdv3.wire.MemberPromoteRequest;
import io.kubekv.etcdv3.wire.MemberPromoteResponse;
import io.kubekv.etcdv3.wire.MemberRemoveRequest;
import io.kubekv.etcdv3.wire.MemberRemoveResponse;
import io.kubekv.etcdv3.wire.MemberUpdateRequest;
import io.kubekv.etcdv3.wire.MemberUpdateResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** {@code etcdserverpb.Cluster}: tells the replicas; their number is Kubernetes' matter. */
public final class ClusterService extends ClusterGrpc.ClusterImplBase {
  private static final String REPLICAS =
      "the members are kubekv's replicas: scale its Deployment (kubectl scale, or replicas of the"
          + " Helm chart)";

  private final Setup setup;
  private final Headers headers;
  private final Replies replies;

  public ClusterService(Setup setup) {
    this.setup = setup;
    this.headers = new Headers(setup.members());
    this.replies = new Replies(setup.threads(), setup.timer());
  }

  @Override
  public void memberList(MemberListRequest request, StreamObserver<MemberListResponse> client) {
    replies.answer(
        client,
        () -> {
          MemberListResponse.Builder answer =
              MemberListResponse.newBuilder().setHeader(headers.of(setup.whole()));
          for (Members.Replica each : setup.members().all()) {
            answer.addMembers(
                Member.newBuilder()
                    .setID(each.id())
                    .setName(each.name())
                    .addAllPeerURLs(each.peerUrls())
                    .addAllClientURLs(clientUrls(each)));
          }
          return CompletableFuture.completedFuture(answer.build());
        });
  }

  private List<String> clientUrls(Members.Replica member) {
    return member.clientUrls().isEmpty() && member.id() == setup.members().self()
        ? List.of(CameBy.url())
        : member.clientUrls();
  }

  private static void refuse(StreamObserver<?> client) {
    client.onError(Failures.unimplemented(REPLICAS).asRuntimeException());
  }

  @Override
  public void memberAdd(MemberAddRequest request, StreamObserver<MemberAddResponse> client) {
    refuse(client);
  }

  @Override
  public void memberRemove(
      MemberRemoveRequest request, StreamObserver<MemberRemoveResponse> client) {
    refuse(client);
  }

  @Override
  public void memberUpdate(
      MemberUpdateRequest request, StreamObserver<MemberUpdateResponse> client) {
    refuse(client);
  }

  @Override
  public void memberPromote(
      MemberPromoteRequest request, StreamObserver<MemberPromoteResponse> client) {
    refuse(client);
  }
}
