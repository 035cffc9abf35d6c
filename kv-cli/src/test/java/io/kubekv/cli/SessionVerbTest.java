package io.kubekv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.Locking;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.SessionId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class SessionVerbTest {
  private final ServerUnderTest server = new ServerUnderTest();

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void session_lives_fromCreateToDestroy() {
    String id = server.run("session", "create", "--ttl", "30s", "--name", "mine").out().strip();

    assertThat(server.run("session", "renew", id).exitCode()).isZero();
    assertThat(server.run("session", "list", "-o", "value").lines()).containsExactly(id);
    JsonNode session = server.run("session", "show", id, "-o", "json").json();
    assertThat(session.get("ttlMillis").asLong()).isEqualTo(30_000);
    assertThat(session.get("name").asString()).isEqualTo("mine");
    assertThat(session.get("behavior").asString()).isEqualTo("RELEASE");
    assertThat(server.run("session", "destroy", id).exitCode()).isZero();

    assertThat(server.run("session", "destroy", id).exitCode()).isEqualTo(1);
    assertThat(server.run("session", "renew", id).err()).contains("no such session");
    assertThat(server.run("session", "show", id).exitCode()).isEqualTo(1);
    assertThat(server.run("session", "list").lines()).hasSize(1);
  }

  @Test
  void session_deleteBehavior_takesItsKeysAlong() {
    String id =
        server.run("session", "create", "--behavior", "delete", "-o", "value").out().strip();
    PutOutcome held =
        Await.change(
            server
                .store()
                .put(
                    PutRequest.of(Key.of("a"), Bytes.EMPTY)
                        .withLocking(new Locking.Acquire(SessionId.parse(id).orElseThrow()))));
    assertThat(held).isInstanceOf(PutOutcome.Stored.class);

    assertThat(server.run("session", "destroy", id).exitCode()).isZero();

    assertThat(server.run("list", "-o", "value").out()).isEmpty();
  }

  @Test
  void keyThatIsAttached_isListedAndEndsWithTheSession() {
    String id =
        server.run("session", "create", "--ttl", "30s", "--span", "once", "-o", "value").out();
    String session = id.strip();

    assertThat(server.run("put", "a", "1", "--attach", session).exitCode()).isZero();
    assertThat(server.run("put", "b", "1", "--attach", session).exitCode()).isZero();
    assertThat(server.run("put", "b", "2").exitCode()).isZero();

    assertThat(server.run("session", "keys", session).lines()).containsExactly("a");
    assertThat(server.run("get", "a", "-o", "json").json().get("attachedTo").asString())
        .isEqualTo(session);
    assertThat(server.run("session", "show", session, "-o", "json").json().get("span").asString())
        .isEqualTo("ONCE");
    assertThat(server.run("session", "destroy", session).exitCode()).isZero();
    assertThat(server.run("list", "-o", "value").lines()).containsExactly("b");
    assertThat(server.run("session", "keys", session).exitCode()).isEqualTo(1);
    assertThat(server.run("put", "a", "1", "--attach", session).err())
        .contains("there is no such session");
  }

  @Test
  void session_wrongUsage_is2() {
    assertThat(server.run("session").exitCode()).isEqualTo(2);
    assertThat(server.run("session", "show", "me").exitCode()).isEqualTo(2);
    assertThat(server.run("session", "create", "--ttl", "0s").exitCode()).isEqualTo(2);
    assertThat(server.run("session", "create", "--behavior", "keep").exitCode()).isEqualTo(2);
    assertThat(server.run("session", "create", "--span", "thrice").exitCode()).isEqualTo(2);
    assertThat(server.run("session", "keys", "me").exitCode()).isEqualTo(2);
    assertThat(server.run("put", "a", "1", "--attach", "me").exitCode()).isEqualTo(2);
  }
}
