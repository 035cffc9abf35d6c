package io.kubekv.etcdv3.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.etcdv3.wire.WatchGrpc;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuestionsTest {
  /** A stream lasts; what it was asked with must not. */
  @ParameterizedTest
  @CsvSource({"'{}', 1", "'{} ', 1", "'{}{}', 2", "'{} x', 2", "'', 1", "'{}x{}', 2"})
  void body_isKeptAsLongAsThereIsMore(String body, int asked) {
    AtomicInteger read = new AtomicInteger();
    Questions questions =
        new Questions(body.getBytes(StandardCharsets.UTF_8), WatchGrpc.getWatchMethod());
    questions.whenRead(read::incrementAndGet);
    for (int i = 1; i < asked; i++) {
      assertThat(questions.next()).isPresent();
      assertThat(read).hasValue(0);
    }
    var unused = questions.next();
    assertThat(read).hasValue(1);
    assertThat(questions.next()).isEmpty();
  }
}
