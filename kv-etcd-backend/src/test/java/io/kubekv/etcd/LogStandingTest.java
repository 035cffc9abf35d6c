package io.kubekv.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.engine.log.Log;
import io.kubekv.engine.log.LogAuthor;
import io.kubekv.engine.log.LogEntry;
import io.kubekv.etcd.api.EtcdClient;
import io.kubekv.etcd.log.EtcdLog;
import io.kubekv.etcd.log.LogStanding;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What {@code kubekv status} is told of the etcd that keeps a log. */
class LogStandingTest {
  private static EtcdAccess access(EtcdProcess etcd) {
    return EtcdAccess.plain(List.of(etcd.endpoint()));
  }

  private static Log.Listener listener(CountDownLatch entries) {
    return new Log.Listener() {
      @Override
      public void decided(LogEntry entry) {
        entries.countDown();
      }

      @Override
      public void missed() {}

      @Override
      public void damaged(String reason) {}

      @Override
      public void snapshotWanted() {}
    };
  }

  @Test
  void log_isMeasuredAgainstItsEndInEtcd() throws Exception {
    try (EtcdProcess etcd = EtcdProcess.start(EtcdVersion.V3_6);
        LogRig rig = new LogRig(etcd);
        EtcdClient client = rig.client();
        EtcdLog log = new EtcdLog(client, rig.keys(), 100)) {
      LogStanding standing = new LogStanding(access(etcd), client, rig.keys(), log);
      assertThat(log.append(LogAuthor.begin().next("a")).get())
          .isInstanceOf(Log.Appended.Ours.class);

      EtcdCluster unread = standing.ask();
      assertThat(unread.lag()).as("nothing was told yet").isEmpty();
      assertThat(unread.told().value()).isZero();

      CountDownLatch told = new CountDownLatch(1);
      log.follow(0, listener(told));
      told.await();
      EtcdCluster now = standing.ask();

      assertThat(now.prefix()).isEqualTo(rig.keys().prefix());
      assertThat(now.id()).isPresent();
      assertThat(now.lag().orElseThrow()).isLessThan(Duration.ofMinutes(1));
      assertThat(now.told()).isEqualTo(now.revision());
      assertThat(now.members()).hasSize(1);
      assertThat(now.members().getFirst().name()).isEqualTo("one");
      assertThat(now.members().getFirst().state().orElseThrow().version()).startsWith("3.6");
      assertThat(now.members().getFirst().state().orElseThrow().databaseBytes()).isPositive();
    }
  }

  @Test
  void etcdThatIsGone_isSaidToBe() throws Exception {
    try (EtcdProcess etcd = EtcdProcess.start(EtcdVersion.V3_6);
        LogRig rig = new LogRig(etcd);
        EtcdClient client = rig.client();
        EtcdLog log = new EtcdLog(client, rig.keys(), 100)) {
      LogStanding standing = new LogStanding(access(etcd), client, rig.keys(), log);
      etcd.kill();

      EtcdCluster now = standing.ask();

      assertThat(now.id()).isEmpty();
      assertThat(now.lag()).isEmpty();
      assertThat(now.revision().value()).isZero();
      assertThat(now.members().getFirst().problem()).startsWith("does not answer: ");
    }
  }
}
