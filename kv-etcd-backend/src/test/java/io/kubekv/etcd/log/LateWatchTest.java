package io.kubekv.etcd.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.engine.log.Log;
import io.kubekv.engine.log.LogAuthor;
import io.kubekv.engine.log.LogEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens when etcd answers appends and its watch does not tell of them. */
class LateWatchTest {
  private static final Log.Listener NOBODY =
      new Log.Listener() {
        @Override
        public void decided(LogEntry entry) {}

        @Override
        public void missed() {}
      };

  private final DrivenEtcd etcd = new DrivenEtcd();
  private final DrivenPauses pauses = new DrivenPauses();
  private final EtcdLog log = new EtcdLog(etcd, DrivenEtcd.KEYS, 100, pauses);
  private final LogAuthor author = LogAuthor.begin();

  @BeforeEach
  void follow() {
    log.follow(0, NOBODY);
    etcd.answer(etcd.reads.getFirst());
  }

  @AfterEach
  void close() {
    log.close();
  }

  private LogEntry append() {
    LogEntry entry = author.accept(author.next("value"));
    assertThat(log.append(entry)).isCompletedWithValue(new Log.Appended.Ours());
    return entry;
  }

  @Test
  void watchThatGetsStuckAfterAnotherEntry_isReadAfter() {
    LogEntry first = append();
    etcd.watches.getFirst().tell(first);
    append();
    pauses.pass();
    assertThat(etcd.open()).isEqualTo(1);

    pauses.pass();

    assertThat(etcd.open()).isZero();
    pauses.pass();
    assertThat(etcd.reads).hasSize(2);
  }

  @Test
  void readThatTellsNothing_isFollowedByAnother() {
    append();
    for (int i = 2; i < 5; i++) {
      pauses.pass(); // it is late
      pauses.pass(); // it is read
      assertThat(etcd.reads).hasSize(i);
      etcd.answer(etcd.reads.getLast());
    }
  }

  @Test
  void watchThatTells_isLeftAlone() {
    etcd.watches.getFirst().tell(append());
    pauses.pass();
    etcd.watches.getFirst().tell(append());
    pauses.pass();

    assertThat(pauses.count()).isZero();
    assertThat(etcd.open()).isEqualTo(1);
  }

  @Test
  void closedLog_looksNoMore() {
    append();
    log.close();
    pauses.pass();

    assertThat(pauses.count()).isZero();
    assertThat(etcd.reads).hasSize(1);
  }
}
