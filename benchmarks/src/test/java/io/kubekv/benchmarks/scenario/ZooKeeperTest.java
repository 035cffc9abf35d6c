package io.kubekv.benchmarks.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.benchmarks.load.Client;
import io.kubekv.benchmarks.load.Keys;
import io.kubekv.benchmarks.load.LoadDriver;
import io.kubekv.benchmarks.load.Operation;
import io.kubekv.benchmarks.load.Pace;
import io.kubekv.benchmarks.load.Ticker;
import io.kubekv.benchmarks.load.Workload;
import io.kubekv.benchmarks.report.Chapter;
import io.kubekv.benchmarks.report.Figure;
import io.kubekv.e2e.zookeeper.ZooKeeperSession;
import io.kubekv.zookeeper.wire.Op;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import org.apache.zookeeper.proto.GetDataRequest;
import org.apache.zookeeper.proto.GetDataResponse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.opentest4j.TestAbortedException;

/** The load's client on Debian's ZooKeeper, and a slice of it. */
@Timeout(120)
class ZooKeeperTest {
  private static final Keys KEYS = new Keys("test", 24, 8, "value");
  private static final double CLIENTS = 8;
  private static final String NUMBER = "test/numbers/n";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static @Nullable Contestant started;

  /** Without a ZooKeeper the tests are skipped, and say so. */
  @BeforeAll
  static void start() throws IOException {
    DebianZooKeeper.missing()
        .ifPresent(
            why -> {
              System.err.println("SKIPPED: " + why);
              throw new TestAbortedException(why);
            });
    started = Servers.start(Entrant.ZOOKEEPER);
  }

  @AfterAll
  static void stop() throws IOException {
    if (started != null) {
      started.close();
    }
  }

  private static Contestant zookeeper() {
    return Objects.requireNonNull(started);
  }

  private static LoadScenario scenario(Workload workload) {
    return new LoadScenario(
        new Chapter("test", "Test", "", "clients", "zookeeper", List.of()),
        List.of(Entrant.ZOOKEEPER),
        List.of(CLIENTS),
        1,
        Duration.ofMillis(200),
        Duration.ofMillis(100),
        Entrant::ownProtocol,
        x -> new LoadScenario.Load(KEYS, (int) x, OptionalDouble.empty(), workload));
  }

  private static Map<String, Double> measured(Workload workload) throws IOException {
    LoadScenario scenario = scenario(workload);
    scenario.enter(zookeeper(), CLIENTS, 7);
    return scenario.measure(zookeeper(), CLIENTS, 7);
  }

  @Test
  void slices_areMeasured_andTheirWritesFound() throws IOException {
    Workload reads = Workload.mix(50, Workload.gets(KEYS), Workload.lists(KEYS));
    for (Workload workload : List.of(Workload.puts(KEYS), reads)) {
      assertThat(measured(workload))
          .hasEntrySatisfying(Figure.PER_SECOND, each -> assertThat(each).isPositive())
          .containsKey(Figure.CPU + "zookeeper");
    }
  }

  @Test
  void increments_ofManyClients_allCount() throws IOException {
    Client.Connector connector = zookeeper().client(Protocol.ZOOKEEPER);
    try (Client client = connector.open()) {
      client.perform(new Operation.Put(NUMBER, "0"));
    }

    LoadDriver.Outcome outcome =
        new LoadDriver(Ticker.SYSTEM, 4, connector, random -> new Operation.Increment(NUMBER), 7)
            .run(() -> Pace.closed(Ticker.SYSTEM, Duration.ofMillis(200)));

    long counted = outcome.times().getTotalCount();
    assertThat(counted).isPositive();
    assertThat(value(NUMBER)).isEqualTo(Long.toString(counted));
  }

  private static String value(String key) throws IOException {
    InetSocketAddress address = zookeeper().store().orElseThrow().address();
    try (ZooKeeperSession session =
        new ZooKeeperSession(address, PATIENCE, PATIENCE, ZooKeeperSession.Identity.NONE)) {
      GetDataRequest request = new GetDataRequest("/" + key, false);
      byte[] data = session.ask(Op.GET_DATA, request).body().read(new GetDataResponse()).getData();
      return new String(data, StandardCharsets.UTF_8);
    }
  }

  @Test
  void client_tellsOfChanges_alsoOfAnEqualValue_andRefusesWhatIsNotThere() throws IOException {
    try (Client client = zookeeper().client(Protocol.ZOOKEEPER).open();
        Client other = zookeeper().client(Protocol.ZOOKEEPER).open()) {
      client.perform(new Operation.Put("a/b/c", "value"));
      long before = client.revision();

      other.perform(new Operation.Put("a/b/c", "value"));

      assertThat(client.revision()).isEqualTo(before + 1);
      assertThat(client.modified("a/b/c")).isEqualTo(before + 1);
      refused(client, new Operation.Get("a/b"), "/a/b has no value");
      refused(client, new Operation.Get("a/c"), "get_data of /a/c was refused by -101");
      refused(client, new Operation.Increment("a/c"), "get_data of /a/c was refused by -101");
      refused(client, new Operation.ListBelow("a/b/c"), "there is nothing below /a/b/c");
      client.perform(new Operation.ListBelow("a/b"));
    }
  }

  private static void refused(Client client, Operation operation, String message) {
    assertThatThrownBy(() -> client.perform(operation))
        .isInstanceOf(IOException.class)
        .hasMessage(message);
  }
}
