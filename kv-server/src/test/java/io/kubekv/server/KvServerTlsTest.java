package io.kubekv.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.PutRequest;
import io.kubekv.UnavailableException;
import io.kubekv.client.ClientBuilder;
import io.kubekv.client.KubekvClient;
import io.kubekv.contract.TestCertificates;
import io.kubekv.transport.tls.TlsFiles;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole server with TLS at every door, where clients must show a certificate. */
class KvServerTlsTest {
  @TempDir static Path folder;

  private static TestCertificates ofServer;
  private static TestCertificates ofClient;
  private static TestCertificates ofStranger;
  private static KvServer server;

  @BeforeAll
  static void start() throws Exception {
    ofServer = TestCertificates.make(folder, "server", "ip:127.0.0.1");
    ofClient = TestCertificates.make(folder, "client", "dns:client.example");
    ofStranger = TestCertificates.make(folder, "stranger", "dns:client.example");
    server =
        KvServer.start(
            ConfigUnderTest.embedded(folder.resolve("data"))
                .tls(
                    new TlsFiles(
                        ofServer.certificate(),
                        ofServer.key(),
                        Optional.of(ofClient.certificate()),
                        true,
                        Optional.empty()))
                .config());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static HttpResponse<String> get(String url, Optional<TestCertificates> shown)
      throws Exception {
    SSLContext context = ofServer.trusting(shown);
    try (HttpClient http = HttpClient.newBuilder().sslContext(context).build()) {
      return http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
    }
  }

  private static KubekvClient client(Optional<TestCertificates> shown) {
    ClientBuilder builder =
        KubekvClient.to(server.grpcTarget().orElseThrow())
            .trust(ofServer.certificate())
            .deadline(Duration.ofSeconds(5));
    shown.ifPresent(own -> builder.clientCertificate(own.certificate(), own.key()));
    return builder.connect();
  }

  @Test
  void client_withItsCertificate_isServedAtEveryDoor() throws Exception {
    try (KubekvClient client = client(Optional.of(ofClient))) {
      Await.change(client.store().put(PutRequest.of(Key.of("tls/key"), Bytes.utf8("hello"))));
    }

    assertThat(server.etcdUrl()).startsWith("https://");
    assertThat(get(server.etcdUrl() + "/v2/keys/tls/key", Optional.of(ofClient)).body())
        .contains("\"value\":\"hello\"");
    assertThat(
            get(server.consulUrl().orElseThrow() + "/v1/kv/tls/key?raw", Optional.of(ofClient))
                .body())
        .isEqualTo("hello");
  }

  @Test
  void member_hasAUrlWithTls() throws Exception {
    assertThat(get(server.etcdUrl() + "/v2/members", Optional.of(ofClient)).body())
        .contains("\"clientURLs\":[\"https://127.0.0.1:");
  }

  @Test
  void client_withoutACertificate_orWithAnothers_isTurnedAwayAtEveryDoor() {
    for (Optional<TestCertificates> shown :
        List.of(Optional.<TestCertificates>empty(), Optional.of(ofStranger))) {
      for (String url :
          List.of(
              server.etcdUrl() + "/v2/keys/", server.consulUrl().orElseThrow() + "/v1/kv/key")) {
        assertThatThrownBy(() -> get(url, shown)).as(url).isInstanceOf(IOException.class);
      }
      try (KubekvClient client = client(shown)) {
        assertThatThrownBy(
                () -> Await.read(client.store().get(Key.of("key"), Freshness.LINEARIZABLE)))
            .isInstanceOf(UnavailableException.class);
      }
    }
  }

  @Test
  void plainText_isNotAnswered() {
    String plain = server.etcdUrl().replace("https://", "http://");

    assertThatThrownBy(
            () -> {
              try (HttpClient http = HttpClient.newHttpClient()) {
                http.send(
                    HttpRequest.newBuilder(URI.create(plain + "/v2/keys/")).build(),
                    BodyHandlers.ofString());
              }
            })
        .isInstanceOf(IOException.class);
  }

  @Test
  void operations_needNoCertificate() throws Exception {
    assertThat(get(server.opsUrl().orElseThrow() + "/readyz", Optional.empty()).statusCode())
        .isEqualTo(200);
  }

  @Test
  void verb_speaksTlsWithItsOptions() throws Exception {
    String target = server.grpcTarget().orElseThrow();
    String[] words = {
      "put",
      "tls/verb",
      "value",
      "--server",
      target,
      "--cacert",
      ofServer.certificate().toString(),
      "--cert",
      ofClient.certificate().toString(),
      "--key",
      ofClient.key().toString()
    };

    assertThat(Main.commandLine(words, Map.of()).execute(words)).isZero();
    assertThat(get(server.etcdUrl() + "/v2/keys/tls/verb", Optional.of(ofClient)).body())
        .contains("\"value\":\"value\"");
  }
}
