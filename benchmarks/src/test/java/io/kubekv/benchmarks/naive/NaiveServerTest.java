package io.kubekv.benchmarks.naive;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.benchmarks.load.Client;
import io.kubekv.benchmarks.load.EtcdV2Client;
import io.kubekv.benchmarks.load.KubekvClients;
import io.kubekv.benchmarks.load.Operation;
import io.kubekv.e2e.FreePorts;
import io.kubekv.e2e.HttpAnswer;
import io.kubekv.e2e.HttpConnection;
import io.kubekv.embedded.EmbeddedApiServer;
import io.kubekv.embedded.EmbeddedApiServerConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The naive store through the doors, and the load's clients on it. */
class NaiveServerTest {
  private static final int WAITS = 100;
  private EmbeddedApiServer api;
  private InetSocketAddress etcd;
  private InetSocketAddress grpc;
  private NaiveServer server;

  @BeforeEach
  void start() throws IOException {
    api = EmbeddedApiServer.start(EmbeddedApiServerConfig.inMemory());
    etcd = FreePorts.next();
    grpc = FreePorts.next();
    server = new NaiveServer(NaiveServer.open(api.kubeconfig(), "naive"), etcd, grpc);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    api.close();
  }

  private static void performAll(Client client) throws IOException {
    try (client) {
      client.perform(new Operation.Put("load/d0/k", "41"));
      client.perform(new Operation.Get("load/d0/k"));
      client.perform(new Operation.Increment("load/d0/k"));
      client.perform(new Operation.ListBelow("load/d0"));
    }
  }

  private HttpAnswer get(String target) throws IOException {
    try (HttpConnection connection = HttpConnection.open(etcd)) {
      return connection.exchange(
          HttpConnection.request("GET", "/v2/keys/" + target, etcd, Map.of(), ""));
    }
  }

  @Test
  void etcdV2_isServed() throws IOException {
    performAll(new EtcdV2Client(etcd));

    assertThat(get("load/d0/k?quorum=true").body()).contains("\"value\":\"42\"");
  }

  @Test
  void grpc_isServed() throws IOException {
    performAll(KubekvClients.open(grpc));

    assertThat(get("load/d0/k?quorum=true").body()).contains("\"value\":\"42\"");
  }

  @Test
  void wait_isAnsweredWithTheNextChange() throws IOException {
    try (HttpConnection waiting = HttpConnection.open(etcd);
        Client client = new EtcdV2Client(etcd)) {
      waiting.send(
          HttpConnection.request("GET", "/v2/keys/w?wait=true&recursive=true", etcd, Map.of(), ""));
      HttpAnswer head = waiting.readHead();
      client.perform(new Operation.Put("w/x", "1"));

      assertThat(head.status()).isEqualTo(200);
      assertThat(waiting.readBody(head).body())
          .contains("\"action\":\"set\"", "\"key\":\"/w/x\"", "\"value\":\"1\"");
    }
  }

  @Test
  void wait_fromAnIndexTellsThePast() throws IOException {
    try (Client client = new EtcdV2Client(etcd)) {
      client.perform(new Operation.Put("w", "1"));
      String index = get("w").header("X-Etcd-Index").orElseThrow();
      client.perform(new Operation.Put("w", "2"));

      HttpAnswer answer = get("w?wait=true&waitIndex=" + (Long.parseLong(index) + 1));

      assertThat(answer.body()).contains("\"value\":\"2\"");
    }
  }

  @Test
  void putOfTheSameValue_isAChange() throws IOException {
    try (Client client = new EtcdV2Client(etcd)) {
      client.perform(new Operation.Put("w", "1"));
      String index = get("w").header("X-Etcd-Index").orElseThrow();
      client.perform(new Operation.Put("w", "1"));

      HttpAnswer answer = get("w?wait=true&waitIndex=" + (Long.parseLong(index) + 1));

      assertThat(answer.body()).contains("\"value\":\"1\"");
    }
  }

  @Test
  void manyWaits_areAllAnsweredByOneChange() throws IOException {
    byte[] wait = HttpConnection.request("GET", "/v2/keys/w?wait=true", etcd, Map.of(), "");
    List<HttpConnection> waiting = new ArrayList<>();
    List<HttpAnswer> heads = new ArrayList<>();
    try (Client client = new EtcdV2Client(etcd)) {
      for (int number = 0; number < WAITS; number++) {
        HttpConnection connection = HttpConnection.open(etcd);
        waiting.add(connection);
        connection.send(wait);
        heads.add(connection.readHead());
      }
      client.perform(new Operation.Put("w", "1"));

      for (int number = 0; number < WAITS; number++) {
        assertThat(waiting.get(number).readBody(heads.get(number)).body())
            .contains("\"value\":\"1\"");
      }
    } finally {
      for (HttpConnection connection : waiting) {
        connection.close();
      }
    }
  }
}
