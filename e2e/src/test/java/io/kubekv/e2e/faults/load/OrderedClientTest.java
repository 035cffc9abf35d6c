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
      InetSocketAddress at = server.address();
      Endpoint endpoint = new Endpoint("r1", at, at, at, at);
      new OrderedClient("o", List.of(endpoint), 0, Duration.ofSeconds(30), disorders, given, pace)
          .run();
    }
    return new Orders(history).violations().stream().map(Violation::words).toList();
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
