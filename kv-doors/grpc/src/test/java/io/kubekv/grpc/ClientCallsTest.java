package io.kubekv.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.DeleteRequest;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.OutcomeUnknownException;
import io.kubekv.OverloadedException;
import io.kubekv.Prefix;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.UnavailableException;
import io.kubekv.client.KubekvClient;
import io.kubekv.v1.KeyValueGrpc;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a client's calls do when the server, or the way to it, fails. */
class ClientCallsTest {
  private static final Key KEY = Key.of("a/k");
  private static final PutRequest PUT = PutRequest.of(KEY, Bytes.utf8("v"));

  /** So long that a call reaches the server in it. */
  private static final Duration SHORT = Duration.ofSeconds(1);

  private static final UnavailableException NOT_READY = new UnavailableException("not ready");

  private final ClientRig rig = new ClientRig();
  private final KubekvClient client = rig.client();

  ClientCallsTest() throws IOException {}

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void calls_reachTheStore() {
    assertThat(client.put(PUT)).isInstanceOf(PutOutcome.Stored.class);
    client.put(PutRequest.of(Key.of("a/l"), Bytes.utf8("w")));
    assertThat(client.get(KEY).entry().orElseThrow().value()).isEqualTo(Bytes.utf8("v"));
    assertThat(client.list(Range.all()).entries()).hasSize(2);
    client.delete(DeleteRequest.of(KEY));
    assertThat(client.deleteRange(new Range.WithPrefix(new Prefix("a/"))).count()).isEqualTo(1);
  }

  @Test
  void put_serverNotReady_isSentAgain() {
    rig.script().refuseNext(KeyValueGrpc.getPutMethod(), 2, NOT_READY);
    assertThat(client.put(PUT)).isInstanceOf(PutOutcome.Stored.class);
    assertThat(rig.script().count(KeyValueGrpc.getPutMethod())).isEqualTo(3);
  }

  @Test
  void put_serverAsksForLess_isSentAgainAfterThatTime() {
    Duration asked = Duration.ofMillis(400);
    rig.script().refuseNext(KeyValueGrpc.getPutMethod(), 1, new OverloadedException("busy", asked));
    long begun = System.nanoTime();
    client.put(PUT);
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(asked);
  }

  @Test
  void put_answerLost_isNeverSentAgain() {
    client.get(KEY);
    rig.losses().loseNext(LostCalls.Loss.ANSWER);
    assertThatThrownBy(() -> client.put(PUT)).isInstanceOf(OutcomeUnknownException.class);
    assertThat(rig.script().count(KeyValueGrpc.getPutMethod())).isEqualTo(1);
    assertThat(client.get(KEY).entry().orElseThrow().version()).isEqualTo(1);
  }

  @Test
  void get_serverNotReady_isSentAgain() {
    rig.script().refuseNext(KeyValueGrpc.getGetMethod(), 3, NOT_READY);
    assertThat(client.get(KEY).entry()).isEmpty();
    assertThat(rig.script().count(KeyValueGrpc.getGetMethod())).isEqualTo(4);
  }

  @Test
  void get_unreachableAtFirst_isAnswered() {
    rig.proxy().setReachable(false);
    KubekvClient late = rig.client();
    assertThatThrownBy(() -> Await.read(late.store().get(KEY, Freshness.LINEARIZABLE)))
        .isInstanceOf(UnavailableException.class);
    rig.proxy().setReachable(true);
    assertThat(late.get(KEY).entry()).isEmpty();
  }

  @Test
  void get_unreachable_failsWithinItsDeadline() {
    rig.proxy().setReachable(false);
    long begun = System.nanoTime();
    assertThatThrownBy(() -> client.withDeadline(SHORT).get(KEY))
        .isInstanceOf(UnavailableException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(ClientRig.PATIENCE);
  }

  @Test
  void get_noAnswer_failsAtItsDeadline() {
    client.get(KEY);
    rig.script().ignoreNext(KeyValueGrpc.getGetMethod());
    assertThatThrownBy(() -> client.withDeadline(SHORT).get(KEY))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("no answer came in time");
  }

  @Test
  void put_noAnswer_isUnknownAtItsDeadline() {
    client.get(KEY);
    rig.script().ignoreNext(KeyValueGrpc.getPutMethod());
    assertThatThrownBy(() -> client.withDeadline(SHORT).put(PUT))
        .isInstanceOf(OutcomeUnknownException.class);
    assertThat(rig.script().count(KeyValueGrpc.getPutMethod())).isEqualTo(1);
  }

  @Test
  void withDeadline_longerThanTheClients_isHeeded() {
    rig.script()
        .refuseNext(
            KeyValueGrpc.getGetMethod(), 1, new OverloadedException("busy", SHORT.multipliedBy(2)));
    try (KubekvClient hurried = KubekvClient.to(rig.target()).deadline(SHORT).connect()) {
      assertThat(hurried.withDeadline(ClientRig.PATIENCE).get(KEY).entry()).isEmpty();
    }
  }

  @Test
  void close_callsFail() {
    client.close();
    assertThatThrownBy(() -> client.get(KEY)).isInstanceOf(UnavailableException.class);
  }
}
