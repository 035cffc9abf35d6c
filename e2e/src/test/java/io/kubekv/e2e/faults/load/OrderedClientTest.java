package io.kubekv.e2e.faults.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.e2e.faults.check.Orders;
import io.kubekv.e2e.faults.check.Violation;
import io.kubekv.e2e.faults.history.History;
import io.kubekv.e2e.zookeeper.ScriptedServer;
import io.kubekv.e2e.zookeeper.ScriptedServer.Reply;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the client that counts makes of servers that say what they must not. */
class OrderedClientTest {
  private final History history = new History();
  private final Disorders disorders = new Disorders(history);
  private final Set<Integer> given = new HashSet<>();

  /** The answers: two to what it reads first; then three of each round, the second to a change. */
  private List<String> told(Reply... script) throws IOException {
    Pace pace = new Pace();
    try (ScriptedServer server = new ScriptedServer(List.of(script), pace::end)) {
      client(pace, server).run();
    }
    return new Orders(history).violations().stream().map(Violation::words).toList();
  }

  private OrderedClient client(Pace pace, ScriptedServer... servers) {
    List<Endpoint> endpoints = Stream.of(servers).map(OrderedClientTest::endpoint).toList();
    return new OrderedClient("o", endpoints, 0, Duration.ofSeconds(30), disorders, given, pace);
  }

  private static Endpoint endpoint(ScriptedServer server) {
    InetSocketAddress at = server.address();
    return new Endpoint("r1", at, at, at, at);
  }

  @Test
  void whatItWasToldBeforeItWasLetDown_isKnownAtTheNext() throws IOException {
    Pace pace = new Pace();
    List<Reply> half = List.of(Reply.version(5, 5), Reply.NONE);
    try (ScriptedServer first = new ScriptedServer(half, () -> {});
        ScriptedServer next = new ScriptedServer(List.of(), pace::end)) {
      client(pace, first, next).run();

      assertThat(first.seen()).isZero();
      assertThat(next.seen()).isEqualTo(5);
    }
  }

  @Test
  void whatGoesOn_isNoDisorder() throws IOException {
    assertThat(
            told(
                Reply.version(1, 0),
                Reply.version(1, 0),
                Reply.version(1, 0),
                Reply.refused(2, 0),
                Reply.version(2, 1)))
        .isEmpty();
    assertThat(given).containsExactly(1);
    assertThat(disorders.comparisons()).isEqualTo(3);
  }

  @Test
  void anEarlierVersion_isADisorder() throws IOException {
    assertThat(told(Reply.version(5, 5), Reply.version(5, 3)))
        .containsExactly("was told otherwise: version 3 is read after 5");
  }

  @Test
  void notToSeeItsOwnChange_isADisorder() throws IOException {
    assertThat(
            told(
                Reply.version(1, 0),
                Reply.version(1, 0),
                Reply.version(1, 0),
                Reply.refused(2, 0),
                Reply.version(2, 0)))
        .containsExactly("was told otherwise: version 0 is read after 1");
  }

  @Test
  void aVersionThatAnotherWasGiven_isADisorder() throws IOException {
    given.add(1);
    assertThat(
            told(
                Reply.version(1, 0),
                Reply.version(1, 0),
                Reply.version(1, 0),
                Reply.refused(2, 0),
                Reply.version(2, 1)))
        .containsExactly("was told otherwise: version 1 is given twice");
  }

  @Test
  void aNodeThatIsGone_isADisorder() throws IOException {
    assertThat(told(Reply.version(5, 5), Reply.refused(6, -101)))
        .containsExactly("was told otherwise: the node is not there after its version 5");
  }

  @Test
  void anAnswerToAnotherRequest_isADisorder() throws IOException {
    assertThat(told(Reply.version(5, 5), Reply.version(5, 5).late(1)))
        .containsExactly("was told otherwise: an answer to 1 came for 2");
  }
}
