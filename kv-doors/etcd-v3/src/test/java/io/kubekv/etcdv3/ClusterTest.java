package io.kubekv.etcdv3;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.kubekv.etcdv3.wire.AlarmRequest;
import io.kubekv.etcdv3.wire.AuthEnableRequest;
import io.kubekv.etcdv3.wire.AuthGrpc;
import io.kubekv.etcdv3.wire.AuthenticateRequest;
import io.kubekv.etcdv3.wire.ClusterGrpc;
import io.kubekv.etcdv3.wire.CompactionRequest;
import io.kubekv.etcdv3.wire.DefragmentRequest;
import io.kubekv.etcdv3.wire.DowngradeRequest;
import io.kubekv.etcdv3.wire.HashKVRequest;
import io.kubekv.etcdv3.wire.MemberAddRequest;
import io.kubekv.etcdv3.wire.MemberListRequest;
import io.kubekv.etcdv3.wire.MoveLeaderRequest;
import io.kubekv.etcdv3.wire.PutRequest;
import io.kubekv.etcdv3.wire.SnapshotRequest;
import io.kubekv.etcdv3.wire.StatusRequest;
import io.kubekv.etcdv3.wire.StatusResponse;
import io.kubekv.transport.http.RawHttp;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is told of the members and of the server, and what is not served. */
final class ClusterTest extends EtcdTest {
  @ParameterizedTest
  @EnumSource
  void members_sayWhereClientsReachThem(Side side) {
    var members =
        side.served().cluster().memberList(MemberListRequest.getDefaultInstance()).getMembersList();

    assertThat(members)
        .singleElement()
        .satisfies(
            member -> {
              assertThat(member.getID()).isEqualTo(put(side, "a", "1").getHeader().getMemberId());
              assertThat(member.getClientURLs(0)).startsWith("http://");
              assertThat(member.getPeerURLsList()).isNotEmpty();
            });
  }

  private static String url(Channel channel) {
    return ClusterGrpc.newBlockingStub(channel)
        .memberList(MemberListRequest.getDefaultInstance())
        .getMembers(0)
        .getClientURLs(0);
  }

  /** Some clients call where they go to as they like, as Go's of etcd 3.4 and jetcd. */
  @Test
  void memberWithoutUrls_hasTheOneThatTheClientCameBy() throws Exception {
    try (Served unnamed =
        Served.kubekv(Duration.ofMinutes(10), store -> store, new OneMember(List.of()))) {
      String here = "http://" + unnamed.channel().authority();
      assertThat(url(unnamed.channel())).isEqualTo(here);
      assertThat(url(unnamed.channelTo("store.example:2379")))
          .isEqualTo("http://store.example:2379");
      assertThat(url(unnamed.channelTo("[2001:db8::1]:2379")))
          .isEqualTo("http://[2001:db8::1]:2379");
      assertThat(url(unnamed.channelTo("etcd"))).isEqualTo(here);
      try (RawHttp http = unnamed.http()) {
        RawHttp.Answer answer =
            http.send(
                    "POST /v3/cluster/member/list HTTP/1.1\r\nHost: store.example:80\r\n"
                        + "Content-Length: 2\r\n\r\n{}")
                .answer();
        assertThat(answer.body()).contains("\"clientURLs\":[\"http://store.example:80\"]");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void status_hasAVersionThatClientsRead(Side side) {
    put(side, "a", "1");

    StatusResponse status = side.served().maintenance().status(StatusRequest.getDefaultInstance());

    assertThat(status.getVersion()).matches("3\\.6\\.\\d+");
    assertThat(status.getStorageVersion()).isEqualTo("3.6.0");
    assertThat(status.getLeader()).isEqualTo(status.getHeader().getMemberId());
    assertThat(status.getRaftTerm()).isPositive();
    assertThat(status.getRaftIndex()).isPositive();
    assertThat(status.getDbSize()).isPositive();
    assertThat(status.getErrorsList()).isEmpty();
    assertThat(status.getIsLearner()).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void alarmsAndDefragmentation_areAnswered(Side side) {
    var maintenance = side.served().maintenance();

    assertThat(maintenance.alarm(AlarmRequest.getDefaultInstance()).getAlarmsList()).isEmpty();
    assertThat(failure(() -> maintenance.defragment(DefragmentRequest.getDefaultInstance())))
        .startsWith("answered");
  }

  @ParameterizedTest
  @EnumSource
  void hashKV_changesWithTheState_andIsTheSameOfOneRevision(Side side) {
    var maintenance = side.served().maintenance();
    long first = put(side, "a", "1").getHeader().getRevision();
    int hash = maintenance.hashKV(HashKVRequest.newBuilder().setRevision(first).build()).getHash();
    put(side, "a", "2");

    assertThat(maintenance.hashKV(HashKVRequest.newBuilder().setRevision(first).build()).getHash())
        .isEqualTo(hash);
    assertThat(maintenance.hashKV(HashKVRequest.getDefaultInstance()).getHash()).isNotEqualTo(hash);
  }

  @ParameterizedTest
  @EnumSource
  void newStore_wasNeverCompacted_andTakesACompactionAtZero(Side side) throws Exception {
    try (Served fresh = side == Side.ETCD ? Served.etcd() : Served.kubekv()) {
      CompactionRequest.Builder compaction = CompactionRequest.newBuilder();
      assertThat(compacted(fresh)).isEqualTo(-1);
      assertThat(failure(() -> fresh.kv().compact(compaction.setRevision(-1).build())))
          .isEqualTo("OUT_OF_RANGE: etcdserver: mvcc: required revision has been compacted");

      assertThat(failure(() -> fresh.kv().compact(compaction.setRevision(0).build())))
          .startsWith("answered");
      assertThat(compacted(fresh)).isEqualTo(-1);
    }
  }

  private static long compacted(Served served) {
    return served.maintenance().hashKV(HashKVRequest.getDefaultInstance()).getCompactRevision();
  }

  @Test
  void whatIsNotServed_saysWhatToUseInstead() {
    Served here = Side.KUBEKV.served();
    var maintenance = here.maintenance();

    assertThat(failure(() -> here.cluster().memberAdd(MemberAddRequest.getDefaultInstance())))
        .startsWith("UNIMPLEMENTED: kubekv: the members are kubekv's replicas");
    assertThat(failure(() -> maintenance.moveLeader(MoveLeaderRequest.getDefaultInstance())))
        .contains("UNIMPLEMENTED: kubekv: use kubekv pass-over");
    assertThat(failure(() -> maintenance.downgrade(DowngradeRequest.getDefaultInstance())))
        .startsWith("UNIMPLEMENTED: kubekv: ");
    assertThat(failure(() -> maintenance.snapshot(SnapshotRequest.getDefaultInstance()).hasNext()))
        .contains("kubekv export");
  }

  @Test
  void logins_giveATokenForTheRightPassword() {
    var auth = AuthGrpc.newBlockingStub(Side.KUBEKV.served().channel());
    AuthenticateRequest.Builder login = AuthenticateRequest.newBuilder();

    assertThat(auth.authenticate(login.setName("user").setPassword("password").build()).getToken())
        .isEqualTo("token");
    assertThat(failure(() -> auth.authenticate(login.setPassword("other").build())))
        .isEqualTo(
            "INVALID_ARGUMENT: etcdserver: authentication failed, invalid user ID or password");
    assertThat(failure(() -> auth.authenticate(login.clearName().build())))
        .isEqualTo("INVALID_ARGUMENT: etcdserver: user name is empty");
    assertThat(failure(() -> auth.authEnable(AuthEnableRequest.getDefaultInstance())))
        .startsWith("FAILED_PRECONDITION: kubekv: users and what they may do");
  }

  @Test
  void key_thatIsNoText_isRefusedAndSaysWhy() {
    ByteString binary = ByteString.copyFrom(new byte[] {'a', (byte) 0xff});
    var kv = Side.KUBEKV.served().kv();

    assertThat(failure(() -> kv.put(PutRequest.newBuilder().setKey(binary).build())))
        .startsWith("INVALID_ARGUMENT: kubekv: a key is UTF-8 text without NUL");
    assertThat(
            failure(
                () ->
                    kv.put(
                        PutRequest.newBuilder()
                            .setKey(ByteString.copyFromUtf8("k".repeat(5000)))
                            .build())))
        .isEqualTo("INVALID_ARGUMENT: kubekv: key length is 5000 bytes, at most 4096 allowed");
  }
}
