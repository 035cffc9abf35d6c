package io.kubekv.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kubekv.Await;
import io.kubekv.Freshness;
import io.kubekv.SessionId;
import io.kubekv.SessionSpec;
import io.kubekv.UnavailableException;
import io.kubekv.client.KubekvClient;
import io.kubekv.client.LiveSession;
import io.kubekv.client.Loss;
import io.kubekv.v1.SessionsGrpc;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sessions that a client keeps alive. */
class ClientSessionTest {
  private static final Duration TIME_TO_LIVE = Duration.ofSeconds(1);

  private final ClientRig rig = new ClientRig();
  private final KubekvClient client = rig.client();

  ClientSessionTest() throws IOException {}

  @AfterEach
  void close() {
    rig.close();
  }

  private static SessionSpec spec() {
    return SessionSpec.random().withTimeToLive(TIME_TO_LIVE);
  }

  private boolean lives(SessionId id) {
    return Await.read(rig.store().sessions().get(id, Freshness.LINEARIZABLE)).session().isPresent();
  }

  private static Loss loss(LiveSession session) throws Exception {
    return session
        .lost()
        .toCompletableFuture()
        .get(ClientRig.PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  @Test
  void session_outlivesOneThatNobodyRenews() {
    try (LiveSession session = client.session(spec())) {
      SessionId neglected = Await.change(rig.store().sessions().create(spec())).spec().id();
      await().atMost(ClientRig.PATIENCE).until(() -> !lives(neglected));
      assertThat(lives(session.id())).isTrue();
      assertThat(session.isAlive()).isTrue();
    }
  }

  @Test
  void session_renewalRefused_isRenewedSoonEnough() {
    UnavailableException notReady = new UnavailableException("not ready");
    rig.script().refuseNext(SessionsGrpc.getRenewMethod(), 2, notReady);
    try (LiveSession session = client.session(spec())) {
      SessionId neglected = Await.change(rig.store().sessions().create(spec())).spec().id();
      await().atMost(ClientRig.PATIENCE).until(() -> !lives(neglected));
      assertThat(lives(session.id())).isTrue();
      assertThat(session.isAlive()).isTrue();
    }
  }

  @Test
  void lost_destroyedByAnother_isTold() throws Exception {
    LiveSession session = client.session(spec());
    Await.change(rig.store().sessions().destroy(session.id()));
    assertThat(loss(session).reason()).isEqualTo(Loss.Reason.SESSION_ENDED);
    assertThat(session.isAlive()).isFalse();
  }

  @Test
  void lost_unreachableForItsTimeToLive_isTold() throws Exception {
    LiveSession session = client.session(spec());
    rig.proxy().setReachable(false);
    assertThat(loss(session).reason()).isEqualTo(Loss.Reason.UNKNOWN);
    assertThat(session.isAlive()).isFalse();
  }

  @Test
  void close_endsTheSession() {
    LiveSession session = client.session(spec());
    session.close();
    assertThat(lives(session.id())).isFalse();
    assertThat(session.isAlive()).isFalse();
    assertThat(session.lost().toCompletableFuture()).isNotDone();
  }

  @Test
  void close_ofTheClient_stopsRenewals() {
    LiveSession session = client.session(spec());
    client.close();
    assertThat(session.isAlive()).isFalse();
    await().atMost(ClientRig.PATIENCE).until(() -> !lives(session.id()));
  }

  @Test
  void session_withoutTimeToLive_isRefused() {
    assertThatThrownBy(() -> client.session(SessionSpec.random()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("time to live");
  }
}
