package io.kubekv.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.PermissionDeniedException;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import io.kubekv.client.HeldLock;
import io.kubekv.client.KubekvClient;
import io.kubekv.client.LockOptions;
import io.kubekv.transport.access.Verb;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is open when a right is taken away. */
class RevocationTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final AuthorizationGrants.Grant READ =
      new AuthorizationGrants.Grant("ann", List.of(Verb.GET), "/kv/test/a/*");

  private final AuthorizationGrants grants = new AuthorizationGrants();
  private final HttpClient http = HttpClient.newHttpClient();
  private AuthorizationRig rig;

  @BeforeEach
  void start() throws IOException {
    grants.set(READ);
    rig = new AuthorizationRig(grants, AuthorizationRig.Leak.NOWHERE);
    Await.change(rig.store().put(PutRequest.of(Key.of("a/b"), Bytes.utf8("before"))));
  }

  @AfterEach
  void stop() {
    rig.close();
    http.shutdownNow();
  }

  private void revoke() {
    grants.set();
    rig.forget();
    Await.change(rig.store().put(PutRequest.of(Key.of("a/b"), Bytes.utf8("after"))));
  }

  private CompletableFuture<HttpResponse<String>> begin(String url, String header, String token) {
    return http.sendAsync(
        HttpRequest.newBuilder(URI.create(url)).header(header, token).build(),
        BodyHandlers.ofString());
  }

  private void awaitHeld() {
    Awaitility.await().atMost(PATIENCE).until(() -> rig.held() == 1);
  }

  /** Its end may be told before it is forgotten. */
  private void awaitNoneHeld() {
    Awaitility.await().atMost(PATIENCE).until(() -> rig.held() == 0);
  }

  @Test
  void etcdWatch_isCut() {
    CompletableFuture<HttpResponse<String>> waiting =
        begin(rig.etcdUrl() + "/v2/keys/a/b?wait=true", "Authorization", "Bearer ann");
    awaitHeld();

    revoke();

    assertThatThrownBy(() -> waiting.get(20, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(IOException.class);
    awaitNoneHeld();
  }

  @Test
  void etcdWatch_thatHadItsEvent_holdsNothing() throws Exception {
    CompletableFuture<HttpResponse<String>> waiting =
        begin(rig.etcdUrl() + "/v2/keys/a/b?wait=true", "Authorization", "Bearer ann");
    awaitHeld();

    Await.change(rig.store().put(PutRequest.of(Key.of("a/b"), Bytes.utf8("next"))));

    assertThat(waiting.get(20, TimeUnit.SECONDS).body()).contains("\"value\":\"next\"");
    awaitNoneHeld();
  }

  @Test
  void consulQuery_isRefused() throws Exception {
    String index =
        begin(rig.consulUrl() + "/v1/kv/a/b", "X-Consul-Token", "ann")
            .get(20, TimeUnit.SECONDS)
            .headers()
            .firstValue("X-Consul-Index")
            .orElseThrow();
    CompletableFuture<HttpResponse<String>> waiting =
        begin(rig.consulUrl() + "/v1/kv/a/b?wait=5m&index=" + index, "X-Consul-Token", "ann");
    awaitHeld();

    revoke();

    HttpResponse<String> answer = waiting.get(20, TimeUnit.SECONDS);
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).isEqualTo("Permission denied");
    awaitNoneHeld();
  }

  @Test
  void grpcWatch_ends() throws Exception {
    try (Watch watch =
        rig.client("ann").store().watch(WatchRequest.fromNow(new Range.Tree(Key.of("a/b"))))) {
      awaitHeld();
      Await.change(rig.store().put(PutRequest.of(Key.of("a/b"), Bytes.utf8("during"))));
      Optional<WatchEvent> told = watch.next(PATIENCE);
      while (told.orElseThrow() instanceof WatchEvent.Progress) {
        told = watch.next(PATIENCE);
      }
      assertThat(told.get()).isInstanceOf(WatchEvent.Put.class);

      revoke();

      assertThatThrownBy(() -> watch.next(PATIENCE)).isInstanceOf(PermissionDeniedException.class);
      awaitNoneHeld();
    }
  }

  @Test
  void lock_isFreed() throws Exception {
    requireFreed(this::revoke);
  }

  @Test
  void lock_isFreed_whenTheRightToGetAloneIsTakenAway() throws Exception {
    requireFreed(
        () -> {
          grants.set(
              new AuthorizationGrants.Grant("ann", List.of(Verb.PUT), "/kv/test/a/lock"),
              new AuthorizationGrants.Grant("ann", List.of(Verb.PUT), "/sessions/test"));
          rig.forget();
        });
  }

  private void requireFreed(Runnable revocation) throws Exception {
    grants.set(
        READ,
        new AuthorizationGrants.Grant("ann", List.of(Verb.PUT), "/kv/test/a/lock"),
        new AuthorizationGrants.Grant("ann", List.of(Verb.PUT), "/sessions/test"));
    rig.forget();
    try (KubekvClient client =
        KubekvClient.to(rig.grpcTarget()).plaintext().token(() -> "ann").connect()) {
      HeldLock lock = client.lock(Key.of("a/lock"), LockOptions.DEFAULT);
      awaitHeld();

      revocation.run();

      Awaitility.await()
          .atMost(PATIENCE)
          .until(
              () ->
                  Await.read(rig.store().get(Key.of("a/lock"), Freshness.LINEARIZABLE))
                      .entry()
                      .orElseThrow()
                      .lock()
                      .holder()
                      .isEmpty());
      awaitNoneHeld();
      lock.close();
    }
  }
}
