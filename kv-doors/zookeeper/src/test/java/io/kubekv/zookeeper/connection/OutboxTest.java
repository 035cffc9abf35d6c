package io.kubekv.zookeeper.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which events wait for an answer. */
class OutboxTest {
  private final List<String> sent = new ArrayList<>();
  private long held;
  private final Outbox outbox = new Outbox(bytes -> sent.add(bytes.toString()), now -> held = now);

  private void event(long revision, String text) {
    outbox.event(revision, Buffer.buffer(text));
  }

  @Test
  void events_leaveAtOnce_whileNothingIsOwed() {
    event(7, "a");

    assertThat(sent).containsExactly("a");
    assertThat(held).isZero();
  }

  @Test
  void eventsThatAnAnswerDoesNotShow_leaveBehindIt_inOrder() {
    outbox.owes(7);
    event(7, "shown");
    event(8, "later");
    event(8, "too");
    assertThat(sent).containsExactly("shown");
    assertThat(held).isEqualTo(8);

    outbox.answered();
    event(9, "next");

    assertThat(sent).containsExactly("shown", "later", "too", "next");
    assertThat(held).isZero();
  }

  @Test
  void eventsOfOneThatEnds_areGone() {
    outbox.owes(7);
    event(8, "later");

    outbox.clear();
    outbox.answered();

    assertThat(sent).isEmpty();
    assertThat(held).isZero();
  }
}
