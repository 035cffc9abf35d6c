package io.kubekv.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.netty.NettyChannelBuilder;
import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.cli.terminal.Terminal;
import io.kubekv.client.RemoteStore;
import io.kubekv.transport.door.ListenAddress;
import io.kubekv.transport.http.RawHttp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole server, as {@code kubekv serve} starts it: one store behind every door. */
class KvServerTest {
  @TempDir Path folder;

  private ConfigUnderTest listening(Optional<ListenAddress> others) {
    return ConfigUnderTest.embedded(folder).consul(others).grpc(others).ops(Optional.empty());
  }

  private ServerConfig config(Optional<ListenAddress> others) {
    return listening(others).config();
  }

  private static KeyValueStore client(KvServer server) {
    return RemoteStore.over(
        NettyChannelBuilder.forTarget(server.grpcTarget().orElseThrow()).usePlaintext().build(),
        Duration.ofSeconds(10));
  }

  private static HttpResponse<String> get(String url) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
    }
  }

  @Test
  void keyOfOneDoor_isThereThroughTheOthersWithTheSameRevision() throws Exception {
    try (KvServer server = KvServer.start(config(Optional.of(ConfigUnderTest.FREE)));
        KeyValueStore store = client(server)) {
      PutOutcome.Stored stored =
          (PutOutcome.Stored)
              Await.change(store.put(PutRequest.of(Key.of("a/b"), Bytes.utf8("hello"))));

      String answer = get(server.etcdUrl() + "/v2/keys/a/b").body();

      assertThat(answer)
          .contains("\"value\":\"hello\"")
          .contains("\"modifiedIndex\":" + stored.entry().modifyRevision());
      assertThat(get(server.consulUrl().orElseThrow() + "/v1/kv/a/b").body())
          .contains("\"Value\":\"aGVsbG8=\"")
          .contains("\"ModifyIndex\":" + stored.entry().modifyRevision());
    }
  }

  @Test
  void pagesOfTheWeb_areKeptFromTheDoorsOnLoopback() throws Exception {
    try (KvServer server = KvServer.start(config(Optional.of(ConfigUnderTest.FREE)))) {
      String etcd = server.etcdUrl() + "/v2/keys";
      String consul = server.consulUrl().orElseThrow() + "/v1/kv/?keys";

      assertThat(get(etcd).headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
      assertThat(statusBy("localhost", etcd)).isEqualTo(200);
      assertThat(statusBy("evil.example", etcd)).isEqualTo(421);
      assertThat(statusBy("evil.example", consul)).isEqualTo(421);
    }
  }

  private static int statusBy(String host, String url) throws IOException {
    URI uri = URI.create(url);
    try (RawHttp http = new RawHttp(new InetSocketAddress(uri.getHost(), uri.getPort()))) {
      String target = uri.getRawPath() + "?" + uri.getRawQuery();
      return http.send("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
          .answer()
          .status();
    }
  }

  @Test
  void portsThatTheSystemChose_areThoseThatTheVerbsShow() {
    try (KvServer server = KvServer.start(config(Optional.of(ConfigUnderTest.FREE)))) {
      for (String verb : List.of("members", "status")) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream printed = new PrintStream(out, true, UTF_8);
        Terminal terminal =
            new Terminal(Map.of(), InputStream.nullInputStream(), printed, printed, "");
        int exitCode =
            ProgramUnderTest.run(terminal, verb, "--server", server.grpcTarget().orElseThrow());

        assertThat(out.toString(UTF_8))
            .contains(server.etcdUrl(), server.grpcTarget().orElseThrow())
            .doesNotContainPattern(":0\\b");
        assertThat(exitCode).isZero();
      }
    }
  }

  @Test
  void doors_thatAreOff_doNotListen() {
    try (KvServer server = KvServer.start(config(Optional.empty()))) {
      assertThat(server.grpcTarget()).isEmpty();
      assertThat(server.consulUrl()).isEmpty();
    }
  }

  @Test
  void addressThatIsTaken_isNamedByItsSettingBeforeAnythingIsOpened() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Optional<ListenAddress> taken =
          Optional.of(new ListenAddress("127.0.0.1", other.getLocalPort()));

      assertThatThrownBy(() -> KvServer.start(config(taken)))
          .hasMessageContaining("consul-listen")
          .hasMessageContaining("cannot listen on 127.0.0.1:" + other.getLocalPort());
      assertThat(folder).isEmptyDirectory(); // no store, so no lease either
    }
  }

  @Test
  void twoDoorsAtOneAddress_areRefusedByName() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }

    assertThatThrownBy(
            () -> KvServer.start(config(Optional.of(new ListenAddress("127.0.0.1", port)))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("consul-listen and grpc-listen are both 127.0.0.1:" + port);
  }

  @Test
  void addressThatIsAmongAnothers_isRefusedByNameBeforeAnythingIsOpened() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    ServerConfig overlapping =
        listening(Optional.of(new ListenAddress("127.0.0.1", port)))
            .consul(Optional.of(new ListenAddress("0.0.0.0", port)))
            .config();

    assertThatThrownBy(() -> KvServer.start(overlapping))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "consul-listen 0.0.0.0:%d and grpc-listen 127.0.0.1:%d overlap: give them different"
                + " ports",
            port, port);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void addresses_overlapWhereNobodyCanListenAtBoth() {
    ListenAddress all = new ListenAddress("0.0.0.0", 2379);
    ListenAddress any = new ListenAddress("0.0.0.0", 0);

    assertThat(new ListenAddress("::1", 2379).overlaps(new ListenAddress("::", 2379))).isTrue();
    assertThat(new ListenAddress("127.0.0.1", 2379).overlaps(all)).isTrue();
    assertThat(all.overlaps(new ListenAddress("127.0.0.1", 2380))).isFalse();
    assertThat(new ListenAddress("127.0.0.2", 2379).overlaps(new ListenAddress("127.0.0.1", 2379)))
        .isFalse();
    assertThat(any.overlaps(any)).isFalse();
  }

  @Test
  void hostThatNobodyKnows_isNamedByItsSetting() {
    assertThatThrownBy(
            () -> KvServer.start(config(Optional.of(new ListenAddress("no such host", 1)))))
        .hasMessageContaining("consul-listen: cannot listen on no such host:1")
        .message()
        .doesNotContain("Exception");
  }

  @Test
  void etcdDoorThatIsOff_leavesConsulsThere() throws Exception {
    ServerConfig config =
        listening(Optional.of(ConfigUnderTest.FREE)).etcd(Optional.empty()).config();

    try (KvServer server = KvServer.start(config);
        KeyValueStore store = client(server)) {
      Await.change(store.put(PutRequest.of(Key.of("a"), Bytes.utf8("hello"))));

      assertThat(server.etcdUrl()).isEmpty();
      assertThat(get(server.consulUrl().orElseThrow() + "/v1/kv/a?raw").body()).isEqualTo("hello");
    }
  }
}
