package io.kubekv.e2e.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.e2e.zookeeper.ScriptedServer.Reply;
import io.kubekv.zookeeper.wire.Op;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.zookeeper.proto.GetDataRequest;
import org.junit.jupiter.api.Test;

/** One of them, with a server that says what it was told to say. */
class LightSessionsTest {
  private static final Duration TIMEOUT = Duration.ofMillis(30);
  private static final GetDataRequest READ = new GetDataRequest("/a", false);

  private static ScriptedServer server(Reply... script) throws IOException {
    return new ScriptedServer(List.of(script), () -> {});
  }

  private static LightSessions begun(ScriptedServer server) throws IOException {
    LightSessions sessions = new LightSessions(1, TIMEOUT);
    sessions.begin(server.address());
    return sessions;
  }

  @Test
  void answers_areThoseOfTheirRequests() throws IOException {
    AtomicInteger errors = new AtomicInteger();
    try (ScriptedServer server = server(Reply.version(5, 1), Reply.refused(5, -101));
        LightSessions sessions = begun(server)) {
      assertThat(sessions.all().getFirst().id()).isEqualTo(7);

      sessions.each(one -> one.ask(Op.GET_DATA, READ).thenAccept(it -> errors.set(it.error())));
      assertThat(errors).hasValue(0);
      sessions.each(one -> one.ask(Op.GET_DATA, READ).thenAccept(it -> errors.set(it.error())));

      assertThat(errors).hasValue(-101);
    }
  }

  @Test
  void signsOfLife_areCounted() throws IOException {
    try (ScriptedServer server = server(Reply.refused(5, 0), Reply.refused(5, 0));
        LightSessions sessions = begun(server)) {
      assertThat(sessions.keepAlive(sessions.pause().multipliedBy(2))).isEqualTo(2);
    }
  }

  @Test
  void answer_ofAnEarlierState_fails() throws IOException {
    try (ScriptedServer server = server(Reply.version(5, 1), Reply.version(4, 1));
        LightSessions sessions = begun(server)) {
      sessions.each(one -> one.ask(Op.GET_DATA, READ));

      assertThatThrownBy(() -> sessions.each(one -> one.ask(Op.GET_DATA, READ)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("zxid 4 after 5");
    }
  }

  @Test
  void session_whoseServerGoes_failsAndComesBackWithWhatItHasSeen() throws IOException {
    try (ScriptedServer first = server(Reply.version(5, 1));
        ScriptedServer other = server(Reply.version(6, 1));
        LightSessions sessions = begun(first)) {
      sessions.each(one -> one.ask(Op.GET_DATA, READ));
      assertThatThrownBy(() -> sessions.keepAlive(sessions.pause()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("a session was not kept");

      assertThat(sessions.comeBack(other.address())).isEmpty();

      assertThat(other.seen()).isEqualTo(5);
      sessions.each(one -> one.ask(Op.GET_DATA, READ));
    }
  }

  @Test
  void silentOnes_areUsedNoMore() throws IOException {
    try (ScriptedServer server = server();
        LightSessions sessions = begun(server)) {
      List<LightSession> silent = sessions.silence(1);

      assertThat(silent).hasSize(1);
      assertThat(sessions.all()).isEmpty();
    }
  }
}
