package io.kubekv.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What the log says of names by which a server is not known. */
class RefusedHostsTest {
  private final AtomicLong clock = new AtomicLong();
  private final RefusedHosts refused = new RefusedHosts(clock::get);
  private final Logger log = (Logger) LoggerFactory.getLogger(RefusedHosts.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  @BeforeEach
  void listen() {
    lines.start();
    log.addAppender(lines);
  }

  @AfterEach
  void leave() {
    log.detachAppender(lines);
  }

  @Test
  void many_areOneLineAMinute_whichNamesTheHostAndTheOption() {
    for (int i = 0; i < 1000; i++) {
      refused.add("kv" + i + ".example");
    }
    clock.addAndGet(Duration.ofMinutes(1).toNanos());
    refused.add("x".repeat(5000));

    assertThat(lines.list).hasSize(2);
    assertThat(lines.list.get(0).getFormattedMessage())
        .startsWith("1 requests")
        .contains("'kv0.example'", "--host-whitelist");
    assertThat(lines.list.get(1).getFormattedMessage())
        .startsWith("1000 requests")
        .hasSizeLessThan(500);
  }
}
