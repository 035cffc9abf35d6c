package io.kubekv.k8s.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.embedded.Faults.Fault;
import io.kubekv.engine.log.Log.Appended;
import io.kubekv.engine.log.LogAuthor;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An entry while the API answers 429, with a time after which to come again, or 507. */
class BusyApiTest {
  private final LogOnServer server = new LogOnServer(4);
  private final KubernetesLog log = server.client();

  @AfterEach
  void stop() {
    server.close();
  }

  private Appended append() throws Exception {
    log.open().get(60, TimeUnit.SECONDS);
    return log.append(LogAuthor.begin().next("v")).get(60, TimeUnit.SECONDS);
  }

  @Test
  void entry_thatIsToComeInASecond_isSentAgain() throws Exception {
    server.faults().inject(1, LogOnServer::isEntry, new Fault.TooManyRequests(1));

    assertThat(append()).isEqualTo(new Appended.Ours());
  }

  @Test
  void entry_thatIsToComeMuchLater_isRefusedWithTheReasonAndThatTime() throws Exception {
    server.faults().inject(LogOnServer::isEntry, new Fault.TooManyRequests(60));

    assertThat(append())
        .isInstanceOfSatisfying(
            Appended.Full.class,
            full -> {
              assertThat(full.retryAfter()).isEqualTo(Duration.ofSeconds(60));
              assertThat(full.reason()).startsWith("the Kubernetes API asks to come later");
            });
  }

  @Test
  void api_thatStaysBusy_isGivenUpInTime() throws Exception {
    server.faults().inject(LogOnServer::isEntry, new Fault.TooManyRequests(1));

    assertThat(append())
        .isInstanceOfSatisfying(
            Appended.Full.class,
            full -> assertThat(full.retryAfter()).isEqualTo(Duration.ofSeconds(1)));
  }

  @Test
  void api_thatHasNoSpace_isNamed() throws Exception {
    server.faults().inject(LogOnServer::isEntry, new Fault.NoSpace());

    assertThat(append())
        .isInstanceOfSatisfying(
            Appended.Full.class,
            full ->
                assertThat(full.reason())
                    .isEqualTo("the Kubernetes API has no room: injected fault"));
  }
}
