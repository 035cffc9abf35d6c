package io.kubekv.transport.tls;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Many that fail, and how little of that a log has. */
class FailedHandshakesTest {
  private final AtomicLong clock = new AtomicLong();
  private final FailedHandshakes failed = new FailedHandshakes("etcd", clock::get);
  private final Logger log = (Logger) LoggerFactory.getLogger(FailedHandshakes.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  @BeforeEach
  void listen() {
    lines.start();
    log.setLevel(Level.INFO); // tests log warnings alone
    log.addAppender(lines);
  }

  @AfterEach
  void leave() {
    log.detachAppender(lines);
    log.setLevel(null);
  }

  @Test
  void many_areCounted_inALineAMinute() {
    for (int i = 0; i < 1000; i++) {
      failed.add("reason " + i);
    }
    clock.addAndGet(Duration.ofMinutes(1).toNanos());
    failed.add("x".repeat(5000));

    assertThat(failed.count()).isEqualTo(1001);
    assertThat(lines.list).hasSize(2);
    assertThat(lines.list.get(0).getFormattedMessage())
        .startsWith("1 connections to the etcd door")
        .endsWith("reason 0");
    assertThat(lines.list.get(1).getFormattedMessage())
        .startsWith("1000 connections")
        .hasSizeLessThan(500);
  }
}
