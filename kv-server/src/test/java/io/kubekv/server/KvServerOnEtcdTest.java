package io.kubekv.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.Limits;
import io.kubekv.UnavailableException;
import io.kubekv.etcd.EtcdProcess;
import io.kubekv.etcd.EtcdVersion;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The whole server with its keys in a real etcd v3. */
class KvServerOnEtcdTest {
  private static final ListenAddress FREE = new ListenAddress("127.0.0.1", 0);

  private final HttpClient http = HttpClient.newHttpClient();

  private static ServerConfig config(String endpoint) {
    return new ServerConfig(
        FREE,
        Optional.of(FREE),
        Optional.of(FREE),
        Optional.of(FREE),
        List.of(),
        Optional.empty(),
        new ServerConfig.Etcd(List.of(endpoint), Optional.empty(), Optional.empty(), "kv"),
        Duration.ofSeconds(6),
        Duration.ofSeconds(5),
        1 << 20,
        Limits.DEFAULT);
  }

  private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    return http.send(request, BodyHandlers.ofString());
  }

  private String get(String url) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(URI.create(url)).build()).body();
  }

  private HttpResponse<String> put(String url, String body)
      throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .PUT(BodyPublishers.ofString(body))
            .build());
  }

  @Test
  void twoServers_serveTheSameKeysAtTheSameTime() throws Exception {
    try (EtcdProcess etcd = EtcdProcess.start(EtcdVersion.V3_6);
        KvServer one = KvServer.start(config(etcd.endpoint()));
        KvServer two = KvServer.start(config(etcd.endpoint()))) {
      assertThat(put(one.etcdUrl() + "/v2/keys/a/b", "value=hello").statusCode()).isEqualTo(201);

      assertThat(get(two.etcdUrl() + "/v2/keys/a?recursive=true")).contains("\"value\":\"hello\"");
      assertThat(get(two.consulUrl().orElseThrow() + "/v1/kv/a/b?raw")).isEqualTo("hello");
      assertThat(put(two.consulUrl().orElseThrow() + "/v1/kv/a/b", "bye").body())
          .startsWith("true");
      assertThat(get(one.etcdUrl() + "/v2/keys/a/b")).contains("\"value\":\"bye\"");
      assertThat(get(one.etcdUrl() + "/v2/members")).contains("\"name\"");
    }
  }

  @Test
  void watch_throughTheDoor_seesWhatTheOtherServerWrites() throws Exception {
    try (EtcdProcess etcd = EtcdProcess.start(EtcdVersion.V3_6);
        KvServer one = KvServer.start(config(etcd.endpoint()));
        KvServer two = KvServer.start(config(etcd.endpoint()))) {
      put(one.etcdUrl() + "/v2/keys/a", "value=1");
      var index =
          Long.parseLong(
              send(HttpRequest.newBuilder(URI.create(one.etcdUrl() + "/v2/keys/a")).build())
                  .headers()
                  .firstValue("X-Etcd-Index")
                  .orElseThrow());
      put(two.etcdUrl() + "/v2/keys/a", "value=2");

      assertThat(get(one.etcdUrl() + "/v2/keys/a?wait=true&waitIndex=" + (index + 1)))
          .contains("\"value\":\"2\"")
          .contains("\"prevNode\"");
    }
  }

  @Test
  void noEtcd_saysSo() {
    assertThatThrownBy(() -> KvServer.start(config("127.0.0.1:1")))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("etcd does not answer");
  }
}
