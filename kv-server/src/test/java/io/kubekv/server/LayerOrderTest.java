package io.kubekv.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Bytes;
import io.kubekv.DelegatingStore;
import io.kubekv.KeyValueStore;
import io.kubekv.Limits;
import io.kubekv.contract.TestCertificates;
import io.kubekv.engine.EngineStore;
import io.kubekv.etcdv2.EtcdV2Door;
import io.kubekv.transport.access.Access;
import io.kubekv.transport.access.Audit;
import io.kubekv.transport.access.CertificateUsers;
import io.kubekv.transport.access.Dialect;
import io.kubekv.transport.access.Gate;
import io.kubekv.transport.access.Identities;
import io.kubekv.transport.door.DoorStore;
import io.kubekv.transport.door.DoorViews;
import io.kubekv.transport.door.HttpLayers;
import io.kubekv.transport.door.ListenAddress;
import io.kubekv.transport.door.View;
import io.kubekv.transport.grpc.GrpcLayers;
import io.kubekv.transport.limits.Budgets;
import io.kubekv.transport.ops.Metrics;
import io.kubekv.transport.tls.Certificates;
import io.kubekv.transport.tls.TlsFiles;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands around the store and around a request stands in the order that the design says. */
class LayerOrderTest {
  private static final Path DESIGN = Path.of("../kv-doors/transport/DESIGN.md");
  private static final Pattern NAME = Pattern.compile("`(\\w+)`");

  @TempDir Path folder;

  private final KeyValueStore store = EngineStore.inMemory();
  private final Gate gate =
      new Gate(
          "test",
          Limits.DEFAULT,
          new Identities(CertificateUsers.bySubject(), token -> Optional.empty(), false),
          (user, verb, path) -> false,
          Duration.ofSeconds(10),
          Audit.NONE,
          Runnable::run);
  private final DoorsUnderTest rig = new DoorsUnderTest(store, Optional.of(gate));

  @AfterEach
  void close() {
    rig.close();
    gate.close();
    store.close();
  }

  private static List<String> said(String around) throws IOException {
    String line =
        Files.readAllLines(DESIGN).stream()
            .filter(each -> each.startsWith("* around " + around + ":"))
            .findFirst()
            .orElseThrow();
    return NAME.matcher(line).results().map(name -> name.group(1)).toList();
  }

  @Test
  void store_asTheDesignSays() throws Exception {
    ServerConfig config = WarmUpCommand.config(new ServerConfig.Embedded(folder, "default"));
    Method inner = DelegatingStore.class.getDeclaredMethod("inner");
    inner.setAccessible(true);
    try (Metrics metrics = new Metrics("test");
        Parts parts = new Parts()) {
      DoorStore opened = KvServerStore.open(config, store, metrics, parts);
      DoorViews views = opened.by("test");
      for (View view :
          List.of(views.inOnePiece(), views.inOnePiece(Bytes::size), views.inPieces())) {
        List<String> names = new ArrayList<>();
        KeyValueStore at = view.of(Access.ALL).store();
        while (!at.equals(store)) {
          names.add(at.getClass().getSimpleName());
          at = (KeyValueStore) inner.invoke(at);
        }
        assertThat(names).isEqualTo(said("the store"));
      }
    }
  }

  @Test
  void http_asTheDesignSays() throws Exception {
    EtcdV2Door door =
        new EtcdV2Door(new ListenAddress("127.0.0.1", 0), List.of(), DoorsUnderTest::member);
    try (Dialect dialect = EtcdV2Door.dialect(store, rig.context().store().watches())) {
      assertThat(HttpLayers.around(rig.context(), door, dialect))
          .isEqualTo(said("a request over HTTP"));
    }
  }

  @Test
  void grpc_asTheDesignSays() throws Exception {
    TestCertificates own = TestCertificates.make(folder, "server", "ip:127.0.0.1");
    TlsFiles files =
        new TlsFiles(own.certificate(), own.key(), Optional.empty(), false, Optional.empty());
    try (Certificates tls = Certificates.open(files);
        Budgets budgets = LimitsConfig.DEFAULT.budgets()) {
      assertThat(GrpcLayers.around(gate, budgets, tls)).isEqualTo(said("a call over gRPC"));
    }
  }
}
