package io.kubekv.etcd;

import static io.kubekv.etcd.EtcdRig.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.AlarmMember;
import io.etcd.jetcd.api.AlarmRequest;
import io.etcd.jetcd.api.DefragmentRequest;
import io.etcd.jetcd.api.MaintenanceGrpc;
import io.grpc.ManagedChannel;
import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.OverloadedException;
import io.kubekv.PutRequest;
import io.kubekv.contract.FreePorts;
import io.kubekv.engine.EngineSettings;
import io.kubekv.engine.EngineStore;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A log on an etcd whose quota is used up, until somebody gives it room. */
class EtcdOutOfSpaceTest {
  private static final Duration LEASE = Duration.ofSeconds(10);
  private static final int MIB = 1 << 20;

  @ParameterizedTest
  @EnumSource(names = {"V3_5", "V3_6"})
  void changes_areRefusedWithTheReason_readsGoOn_andSoDoesAllWithRoom(EtcdVersion version) {
    int port = FreePorts.next();
    EtcdAccess access = EtcdAccess.plain(List.of("127.0.0.1:" + port));
    try (EtcdProcess etcd =
        EtcdProcess.start(version, "http", port, List.of("--quota-backend-bytes=" + 8 * MIB))) {
      etcd.awaitAnswer(access);
      try (LogRig rig = new LogRig(etcd);
          EngineStore store = rig.open(access, EngineSettings.DEFAULT, LEASE)) {
        eventually("it serves", () -> store.status().ready());

        Await.change(store.put(PutRequest.of(Key.of("small"), Bytes.utf8("1"))));

        assertThatThrownBy(() -> useUp(rig)).hasMessageContaining("database space exceeded");
        assertThatThrownBy(
                () -> Await.change(store.put(PutRequest.of(Key.of("small"), Bytes.utf8("2")))))
            .isInstanceOf(OverloadedException.class)
            .hasMessageContaining("etcd has no room for it")
            .hasMessageContaining("database space exceeded");
        assertThat(small(store)).isEqualTo(Bytes.utf8("1"));
        assertThat(store.status().ready()).isTrue();

        rig.compact();
        makeRoom(access);
        Await.change(store.put(PutRequest.of(Key.of("small"), Bytes.utf8("3"))));
        assertThat(small(store)).isEqualTo(Bytes.utf8("3"));
      }
    }
  }

  private static Bytes small(EngineStore store) {
    return Await.read(store.get(Key.of("small"), Freshness.LINEARIZABLE))
        .entry()
        .orElseThrow()
        .value();
  }

  /**
   * Somebody else's one key, written again and again, so that etcd keeps little of it when it is
   * compacted. Were they the store's own, how much of its log stands would depend on when its
   * snapshots are written.
   */
  private static void useUp(LogRig rig) {
    ByteString key = ByteString.copyFromUtf8("/of-somebody-else");
    ByteString value = ByteString.copyFrom(new byte[MIB / 2]);
    for (int i = 0; i < 100; i++) {
      rig.put(key, value);
    }
  }

  private static void makeRoom(EtcdAccess access) {
    ManagedChannel channel = Channels.open(access);
    try {
      MaintenanceGrpc.MaintenanceBlockingStub maintenance =
          MaintenanceGrpc.newBlockingStub(channel);
      var unused = maintenance.defragment(DefragmentRequest.getDefaultInstance());
      List<AlarmMember> alarms =
          maintenance.alarm(AlarmRequest.getDefaultInstance()).getAlarmsList();
      assertThat(alarms).hasSize(1);
      var unusedDisarmed =
          maintenance.alarm(
              AlarmRequest.newBuilder()
                  .setAction(AlarmRequest.AlarmAction.DEACTIVATE)
                  .setAlarm(alarms.getFirst().getAlarm())
                  .setMemberID(alarms.getFirst().getMemberID())
                  .build());
    } finally {
      channel.shutdownNow();
    }
  }
}
