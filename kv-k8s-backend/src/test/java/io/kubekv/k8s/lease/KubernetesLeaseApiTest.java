package io.kubekv.k8s.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.kubekv.embedded.EmbeddedApiServer;
import io.kubekv.embedded.EmbeddedApiServerConfig;
import io.kubekv.embedded.Faults;
import io.kubekv.k8s.api.ApiFailure;
import io.kubekv.k8s.api.EmbeddedClient;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KubernetesLeaseApiTest {
  private static final Duration SIX = Duration.ofSeconds(6);
  private static final Instant NOW = Instant.parse("2026-11-24T00:00:00.123456Z");

  private EmbeddedApiServer server;
  private KubernetesClient client;
  private LeaseApi api;

  @BeforeEach
  void open() throws IOException {
    server = EmbeddedApiServer.start(EmbeddedApiServerConfig.inMemory());
    client = EmbeddedClient.of(server);
    api = new KubernetesLeaseApi(client, "default", LeaseSettings.defaults("test"));
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    server.close();
  }

  @Test
  void get_whenThereIsNone_isNotFound() {
    assertThat(failure(api.get())).isInstanceOf(ApiFailure.NotFound.class);
  }

  @Test
  void create_then_get_isTheSame() {
    LeaseState created = created();

    assertThat(created.holder()).contains("a_1");
    assertThat(created.duration()).isEqualTo(SIX);
    assertThat(created.renewed()).isEqualTo(NOW);
    assertThat(created.transitions()).isEqualTo(1);
    assertThat(created.annotations()).containsEntry("kubekv.io/checkpoint", "5");
    assertThat(lease(api.get())).isEqualTo(created);
  }

  @Test
  void create_whenThereIsOne_isAlreadyExists() {
    created();

    assertThat(failure(api.create(LeaseState.vacant(NOW))))
        .isInstanceOf(ApiFailure.AlreadyExists.class);
  }

  @Test
  void update_ofTheVersionSeen_replacesIt() {
    LeaseState released = lease(api.update(created().released(NOW)));

    assertThat(released.holder()).isEmpty();
    assertThat(lease(api.get())).isEqualTo(released);
  }

  @Test
  void update_ofAnOlderVersion_isAConflictAndChangesNothing() {
    LeaseState first = created();
    LeaseState second = lease(api.update(first.renewed(SIX, NOW.plusSeconds(1), Map.of())));

    assertThat(failure(api.update(first.released(NOW)))).isInstanceOf(ApiFailure.Conflict.class);
    assertThat(lease(api.get())).isEqualTo(second);
  }

  @Test
  void update_withoutAVersion_isNotSent() {
    LeaseState none = LeaseState.vacant(NOW);

    assertThatThrownBy(() -> api.update(none)).hasMessageContaining("overwrite blindly");
  }

  @Test
  void update_answerLost_isNoAnswerAndSentOnce() {
    LeaseState first = created();
    server.faults().inject(1, Faults.Call::write, new Faults.Fault.DropAnswer());

    ApiFailure failure = failure(api.update(first.renewed(SIX, NOW.plusSeconds(1), Map.of())));

    assertThat(failure).isInstanceOf(ApiFailure.NoAnswer.class);
    assertThat(lease(api.get()).renewed()).isEqualTo(NOW.plusSeconds(1));
  }

  @Test
  void get_fromASilentServer_isGivenUpAfterARenewInterval() {
    LeaseSettings hasty = new LeaseSettings("kubekv", SIX, Duration.ofMillis(200), "test", false);
    server.faults().inject(call -> true, new Faults.Fault.Latency(Duration.ofSeconds(60)));

    LeaseApi.Answer answer = new KubernetesLeaseApi(client, "default", hasty).get();

    assertThat(failure(answer)).isInstanceOf(ApiFailure.NoAnswer.class);
  }

  private LeaseState created() {
    return lease(
        api.create(
            LeaseState.vacant(NOW).takenBy("a_1", SIX, NOW, Map.of("kubekv.io/checkpoint", "5"))));
  }

  private static LeaseState lease(LeaseApi.Answer answer) {
    assertThat(answer).isInstanceOf(LeaseApi.Answer.Got.class);
    return ((LeaseApi.Answer.Got) answer).lease();
  }

  private static ApiFailure failure(LeaseApi.Answer answer) {
    assertThat(answer).isInstanceOf(LeaseApi.Answer.Failed.class);
    return ((LeaseApi.Answer.Failed) answer).failure();
  }
}
