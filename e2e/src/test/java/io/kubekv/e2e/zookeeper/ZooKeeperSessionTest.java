package io.kubekv.e2e.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.e2e.zookeeper.ScriptedServer.Reply;
import io.kubekv.zookeeper.wire.Op;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.apache.zookeeper.proto.GetDataRequest;
import org.junit.jupiter.api.Test;

class ZooKeeperSessionTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final GetDataRequest READ = new GetDataRequest("/a", false);

  private static ZooKeeperSession session(ScriptedServer server) throws IOException {
    return new ZooKeeperSession(
        server.address(), PATIENCE, PATIENCE, ZooKeeperSession.Identity.NONE);
  }

  private static ScriptedServer server(Reply... script) throws IOException {
    return new ScriptedServer(List.of(script), () -> {});
  }

  @Test
  void answers_toSeveralUnderWay_comeInTheirOrder() throws IOException {
    try (ScriptedServer server = server(Reply.version(5, 1), Reply.refused(5, -101))) {
      ZooKeeperSession session = session(server);
      session.send(Op.GET_DATA, READ);
      session.send(Op.GET_DATA, READ);

      assertThat(session.answer().error()).isZero();
      assertThat(session.answer().error()).isEqualTo(-101);
      session.leave();
    }
  }

  @Test
  void answer_toAnotherRequest_isOutOfOrder() throws IOException {
    try (ScriptedServer server = server(Reply.version(5, 1), Reply.version(6, 1).late(1))) {
      ZooKeeperSession session = session(server);
      assertThat(session.ask(Op.GET_DATA, READ).zxid()).isEqualTo(5);

      assertThatThrownBy(() -> session.ask(Op.GET_DATA, READ))
          .isInstanceOf(ZooKeeperSession.OrderException.class)
          .hasMessage("an answer to 1 came for 2");
      session.leave();
    }
  }

  @Test
  void answer_ofAnEarlierState_isOutOfOrder() throws IOException {
    try (ScriptedServer server = server(Reply.version(5, 1), Reply.version(4, 1))) {
      ZooKeeperSession session = session(server);
      assertThat(session.ask(Op.GET_DATA, READ).zxid()).isEqualTo(5);

      assertThatThrownBy(() -> session.ask(Op.GET_DATA, READ))
          .isInstanceOf(ZooKeeperSession.OrderException.class)
          .hasMessage("zxid 4 after 5");
      session.leave();
    }
  }
}
