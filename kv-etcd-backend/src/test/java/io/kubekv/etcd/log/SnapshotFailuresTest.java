package io.kubekv.etcd.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.kubekv.engine.log.LogAuthor;
import io.kubekv.etcd.api.LogKeys;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What an operator reads when snapshots are not written. */
class SnapshotFailuresTest {
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(SnapshotFailures.class);

  @BeforeEach
  void listen() {
    lines.list = new CopyOnWriteArrayList<>();
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void stop() {
    logger.detachAppender(lines);
  }

  /** Other logs fail at the same time. */
  private List<String> told(LogKeys keys) {
    return lines.list.stream()
        .map(ILoggingEvent::getFormattedMessage)
        .filter(line -> line.contains(keys.manifest().toStringUtf8()))
        .toList();
  }

  @Test
  void failures_areToldOnceAMinute() {
    LogKeys keys = new LogKeys("/minute/");
    AtomicLong nanos = new AtomicLong(Long.MAX_VALUE);
    SnapshotFailures failures = new SnapshotFailures(keys, nanos::get);
    failures.tell(7, new IOException("no room"));
    nanos.addAndGet(Duration.ofSeconds(59).toNanos());
    failures.tell(8, new IOException("no room"));
    assertThat(told(keys)).hasSize(1);

    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    failures.tell(9, new IOException("no answer"));

    assertThat(told(keys)).hasSize(2).allMatch(line -> line.contains("has room"));
    assertThat(told(keys).getLast()).contains("position 9", "no answer");
  }

  @Test
  void snapshotThatFails_isTold() {
    DrivenEtcd etcd = new DrivenEtcd();
    EtcdLog log = new EtcdLog(etcd, DrivenEtcd.KEYS, 100);
    LogAuthor author = LogAuthor.begin();
    author.accept(author.next("value"));
    etcd.failReads("etcd is on fire");

    assertThat(log.snapshot(author.root())).failsWithin(60, TimeUnit.SECONDS);

    assertThat(told(DrivenEtcd.KEYS))
        .singleElement()
        .asString()
        .contains("position 1", "etcd is on fire");
  }
}
