package io.kubekv.etcd.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.etcd.jetcd.api.TxnResponse;
import io.kubekv.engine.log.Log;
import io.kubekv.engine.log.LogAuthor;
import io.kubekv.engine.log.LogEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** When a follower reads and when it watches, with answers and pauses that the test drives. */
class FollowerTest {
  private final DrivenEtcd etcd = new DrivenEtcd();
  private final DrivenPauses pauses = new DrivenPauses();
  private final LogAuthor author = LogAuthor.begin();
  private final LogEntry first = author.accept(author.next("first"));
  private final LogEntry second = author.accept(author.next("second"));
  private final LogEntry third = author.accept(author.next("third"));
  private final List<LogEntry> heard = new ArrayList<>();
  private final List<String> damage = new ArrayList<>();
  private final Log.Listener listener =
      new Log.Listener() {
        @Override
        public void decided(LogEntry entry) {
          heard.add(entry);
        }

        @Override
        public void missed() {
          damage.add("missed");
        }

        @Override
        public void damaged(String reason) {
          damage.add(reason);
        }
      };

  /** A follower that has read the first entry, and watches. */
  private Follower watching() {
    Teller teller =
        new Teller(DrivenEtcd.KEYS, listener, Told.NOTHING, bytes -> Optional.empty(), new Floor());
    Follower follower = new Follower(etcd, DrivenEtcd.KEYS, teller, pauses);
    follower.begin();
    etcd.answer(etcd.reads.getLast(), first);
    return follower;
  }

  private void assertHeard(LogEntry... entries) {
    assertThat(damage).isEmpty();
    assertThat(heard).containsExactly(entries);
  }

  @Test
  void watchThatEndedAndIsDoubted_isReadAfterOnce_andOneWatchIsOpen() {
    Follower follower = watching();
    etcd.watches.getFirst().end();
    follower.rewatch();
    follower.rewatch();
    pauses.pass();
    etcd.reads.forEach(read -> etcd.answer(read, first, second));
    etcd.watches.forEach(watch -> watch.tell(third));

    assertHeard(first, second, third);
    assertThat(etcd.reads).hasSize(2);
    assertThat(etcd.watches).hasSize(2);
    assertThat(etcd.open()).isEqualTo(1);
  }

  @Test
  void watchThatWasLeft_isNotHeardAnyMore() {
    Follower follower = watching();
    DrivenEtcd.Opened left = etcd.watches.getFirst();
    follower.rewatch();
    pauses.pass();
    etcd.answer(etcd.reads.getLast(), first, second, third);

    left.tell(second);
    left.end();

    assertHeard(first, second, third);
    assertThat(pauses.count()).isZero();
    assertThat(etcd.open()).isEqualTo(1);
  }

  @Test
  void closed_whileItReads_opensNoWatch() {
    Follower follower = watching();
    follower.rewatch();
    pauses.pass();

    follower.close();
    etcd.answer(etcd.reads.getLast(), first, second);

    assertHeard(first);
    assertThat(etcd.open()).isZero();
  }

  @Test
  void closed_whileItPauses_readsNoMore() {
    Follower follower = watching();
    follower.rewatch();

    follower.close();
    pauses.pass();

    assertThat(etcd.reads).hasSize(1);
    assertThat(etcd.open()).isZero();
  }

  @Test
  void answerThatNobodyHasForeseen_isWarnedOfOnce_andReadAgain() {
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.list = new CopyOnWriteArrayList<>();
    lines.start();
    Logger log = (Logger) LoggerFactory.getLogger(Follower.class);
    log.addAppender(lines);
    try {
      watching().rewatch();
      for (int i = 0; i < 3; i++) {
        pauses.pass();
        etcd.reads.getLast().complete(TxnResponse.getDefaultInstance());
      }
    } finally {
      log.detachAppender(lines);
    }
    pauses.pass();
    etcd.answer(etcd.reads.getLast(), first, second);

    assertHeard(first, second);
    assertThat(lines.list)
        .filteredOn(line -> line.getFormattedMessage().contains("/test/log/00000000000000000001"))
        .hasSize(1);
  }
}
