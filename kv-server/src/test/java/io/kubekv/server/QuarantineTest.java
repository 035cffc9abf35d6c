package io.kubekv.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.kubekv.Bytes;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.client.KubekvClient;
import io.kubekv.client.ReplicaStatus;
import io.kubekv.server.cli.Terminal;
import io.kubekv.server.ops.Workers;
import io.kubekv.server.requests.Tracer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/** What an operator hears of an object that somebody made by hand and that is no key. */
class QuarantineTest {
  private static final ResourceDefinitionContext KEYVALUES =
      new ResourceDefinitionContext.Builder()
          .withGroup("kubekv.io")
          .withVersion("v1")
          .withKind("KeyValue")
          .withPlural("keyvalues")
          .withNamespaced(true)
          .build();

  @TempDir Path folder;

  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final Logger log = (Logger) LoggerFactory.getLogger("io.kubekv.k8s.Index");

  @BeforeEach
  void listen() {
    lines.start();
    log.addAppender(lines);
  }

  @AfterEach
  void listenNoMore() {
    log.detachAppender(lines);
  }

  private ServerConfig config() {
    String[] args = {
      "serve",
      "--data-dir=" + folder,
      "--grpc-listen=127.0.0.1:0",
      "--etcd-listen=off",
      "--consul-listen=off",
      "--ops-listen=off"
    };
    CommandLine.ParseResult parsed = Main.commandLine(args, Map.of()).parseArgs(args);
    return ((ServeCommand) parsed.subcommand().commandSpec().userObject()).config();
  }

  private void make(String name, String key) throws Exception {
    Config config = Config.fromKubeconfig(Files.readString(folder.resolve("kubeconfig")));
    try (KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build()) {
      GenericKubernetesResource object = new GenericKubernetesResource();
      object.setApiVersion("kubekv.io/v1");
      object.setKind("KeyValue");
      object.setMetadata(new ObjectMetaBuilder().withName(name).build());
      object.setAdditionalProperty("spec", Map.of("type", "Value", "key", key));
      client.genericKubernetesResources(KEYVALUES).inNamespace("default").resource(object).create();
    }
  }

  private static String status(String server, String... more) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream written = new PrintStream(out, true, StandardCharsets.UTF_8);
    Terminal terminal =
        new Terminal(Map.of(), new ByteArrayInputStream(new byte[0]), written, written, "");
    String[] args =
        Stream.concat(Stream.of("status", "--server", server), Stream.of(more))
            .toArray(String[]::new);
    assertThat(ProgramUnderTest.run(terminal, args)).isZero();
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void objectOfAnotherName_isShownByStatus_andItsKeyIsServed() throws Exception {
    try (KvServer server = KvServer.start(config(), Tracer.NONE, new Workers(), Core.OBJECTS);
        KubekvClient client = KubekvClient.to(server.grpcTarget().orElseThrow()).connect()) {
      assertThat(client.replica().quarantine())
          .isEqualTo(new ReplicaStatus.Quarantine(0, List.of()));
      make("byhand", "hand/one");
      PutOutcome put = client.put(PutRequest.of(Key.of("hand/one"), Bytes.utf8("served")));

      assertThat(put).isInstanceOf(PutOutcome.Stored.class); // its event comes after the object's
      assertThat(client.get(Key.of("hand/one"), Freshness.LINEARIZABLE).entry()).isPresent();
      assertThat(client.replica().quarantine().objects()).isEqualTo(1);
      assertThat(status(server.grpcTarget().orElseThrow()))
          .containsPattern("no keys +1 objects")
          .containsPattern("quarantined +byhand: ");
      assertThat(status(server.grpcTarget().orElseThrow(), "-o", "json"))
          .contains("\"quarantinedObjects\":1");
      assertThat(lines.list)
          .extracting(ILoggingEvent::getFormattedMessage)
          .filteredOn(line -> line.contains("byhand"))
          .singleElement()
          .asString()
          .contains("is quarantined, it is no key")
          .contains("The key whose object has this name")
          .doesNotContain("Its key is refused");
    }
  }
}
