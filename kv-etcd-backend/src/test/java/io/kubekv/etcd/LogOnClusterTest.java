package io.kubekv.etcd;

import static io.kubekv.etcd.EtcdRig.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.PutRequest;
import io.kubekv.StoreException;
import io.kubekv.engine.EngineSettings;
import io.kubekv.engine.EngineStore;
import io.kubekv.engine.log.SharedLease.Holder;
import io.kubekv.etcd.api.GrpcEtcdClient;
import io.kubekv.etcd.api.LogKeys;
import io.kubekv.etcd.lease.EtcdLease;
import io.kubekv.etcd.log.EtcdLog;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A log on three members of etcd, of which one at a time is gone. */
class LogOnClusterTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(3);
  private static final Duration LEASE = Duration.ofSeconds(6);

  private static EngineStore open(EtcdAccess access) {
    LogKeys keys = new LogKeys("/cluster/");
    return EngineStore.open(
        new EtcdLog(GrpcEtcdClient.connect(access, TIMEOUT), keys, 1_000),
        new EtcdLease(
            GrpcEtcdClient.connect(access, TIMEOUT),
            keys.lease(),
            new Holder("a-test", "", ""),
            LEASE),
        EngineSettings.DEFAULT);
  }

  private static boolean put(EngineStore store, int i) {
    try {
      var unused = Await.change(store.put(PutRequest.of(Key.of("k" + i), Bytes.utf8("v" + i))));
      return true;
    } catch (StoreException notNow) {
      return false;
    }
  }

  @Test
  void membersGoneInTurn_theLogGoesOn_andHasAllThatWasAcknowledged() {
    List<EtcdProcess> members = EtcdProcess.startThree(EtcdVersion.V3_6);
    EtcdAccess access = EtcdAccess.plain(members.stream().map(EtcdProcess::endpoint).toList());
    try {
      try (EngineStore store = open(access)) {
        for (int i = 0; i < members.size(); i++) {
          int key = i;
          eventually("stored with all members", () -> put(store, key));
          members.get(i).kill();
          eventually("stored without member " + i, () -> put(store, members.size() + key));
          members.get(i).startAgain();
          members.get(i).awaitAnswer(access);
        }
      }
      try (EngineStore next = open(access)) {
        eventually("another serves", () -> next.status().ready());
        for (int i = 0; i < 2 * members.size(); i++) {
          assertThat(Await.read(next.get(Key.of("k" + i), Freshness.LINEARIZABLE)).entry())
              .isPresent();
        }
      }
    } finally {
      members.forEach(EtcdProcess::close);
    }
  }
}
