package io.kubekv.e2e.faults.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.e2e.faults.history.Disorder;
import io.kubekv.e2e.faults.history.History;
import io.kubekv.e2e.zookeeper.ScriptedServer;
import io.kubekv.e2e.zookeeper.ScriptedServer.Reply;
import io.kubekv.zookeeper.wire.Code;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ZooKeeperSessionsTest {
  private static final Reply SYNCED = Reply.refused(1, 0);

  private final History history = new History();

  private Optional<List<String>> children(Reply... script) throws IOException {
    try (ScriptedServer server = new ScriptedServer(List.of(script), () -> {})) {
      InetSocketAddress at = server.address();
      Endpoint endpoint = new Endpoint("r1", at, at, at, at);
      Disorders disorders = new Disorders(history);
      try (ZooKeeperSessions sessions =
          new ZooKeeperSessions(endpoint, Duration.ofSeconds(30), disorders, new HashMap<>())) {
        return sessions.children("/q", "");
      }
    }
  }

  @Test
  void children_ofNoNode_areNone() throws IOException {
    assertThat(children(SYNCED, Reply.refused(1, Code.NO_NODE.number()))).contains(List.of());
  }

  @Test
  void children_afterAnotherRefusal_areUnknown() throws IOException {
    assertThat(children(SYNCED, Reply.refused(1, Code.NO_AUTH.number()))).isEmpty();
    Reply refused = Reply.refused(1, Code.NO_NODE.number());
    assertThat(children(refused, refused)).isEmpty();
  }

  @Test
  void answer_toAnotherRequest_isADisorder() throws IOException {
    assertThat(children(SYNCED, Reply.refused(1, 0).late(1))).isEmpty();
    assertThat(history.all(Disorder.class)).extracting(Disorder::replica).containsExactly("r1");
  }
}
