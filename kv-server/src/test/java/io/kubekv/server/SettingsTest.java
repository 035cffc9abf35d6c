package io.kubekv.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.cli.terminal.ByteSize;
import io.kubekv.cli.terminal.Durations;
import io.kubekv.transport.door.ListenAddress;
import io.kubekv.transport.tls.TlsFiles;
import io.kubekv.zookeeper.ZooKeeperDoor;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class SettingsTest {
  @TempDir Path folder;

  private static ServerConfig config(Map<String, String> environment, String... args) {
    CommandLine main = Main.commandLine(args, environment);
    CommandLine.ParseResult parsed = main.parseArgs(args);
    ServeCommand serve = (ServeCommand) parsed.subcommand().commandSpec().userObject();
    return serve.config();
  }

  private static String printed(Map<String, String> environment, String... args) {
    StringWriter out = new StringWriter();
    CommandLine main = Main.commandLine(args, environment);
    main.setOut(new PrintWriter(out));
    assertThat(main.execute(args)).isZero();
    return out.toString();
  }

  private Path file(String content) throws IOException {
    return Files.writeString(folder.resolve("kubekv.conf"), content);
  }

  @Test
  void defaults_everyKey_asTheReadmeSays() {
    String home = System.getProperty("user.home");

    assertThat(printed(Map.of(), "serve", "--print-config").replaceAll(" +", " "))
        .isEqualTo(
            """
            advertise-client-urls = # default
            advertise-replica = # default
            anonymous-auth = false # default
            api-audiences = # default
            audit-log-path = # default
            authentication-token-webhook = false # default
            authorization-cache-ttl = 10s # default
            authorization-mode = AlwaysAllow # default
            authorization-rbac-file = # default
            cert-file = # default
            client-burst = 1000 # default
            client-bytes-per-second = 0 # default
            client-cert-auth = false # default
            client-cert-user = subject # default
            client-connections = 12000 # default
            client-qps = 0 # default
            client-requests-in-flight = 512 # default
            client-sessions = 100000 # default
            client-watches = 12000 # default
            consul-listen = 127.0.0.1:8500 # default
            consul-node = # default
            context = # default
            cors = # default
            data-dir = %s/.local/share/kubekv # default
            etcd = # default
            etcd-ca = # default
            etcd-cert = # default
            etcd-key = # default
            etcd-listen = 127.0.0.1:2379 # default
            etcd-password-file = # default
            etcd-user = # default
            grpc-listen = 127.0.0.1:2390 # default
            history-bytes = %s # default
            host-whitelist = # default
            in-cluster = false # default
            key-file = # default
            kubeconfig = # default
            lease-duration = 6s # default
            log-format = text # default
            max-connections = 16000 # default
            max-entries = 1000000 # default
            max-key-bytes = 4KiB # default
            max-list-bytes = 256MiB # default
            max-store-bytes = # default
            max-value-bytes = 1MiB # default
            max-watches = 100000 # default
            namespace = default # default
            ops-listen = 127.0.0.1:2381 # default
            replica-name = # default
            replica-token-file = # default
            request-timeout = 5s # default
            token-auth-file = # default
            tracing-endpoint = # default
            tracing-keys = false # default
            tracing-ratio = 1.0 # default
            trusted-ca-file = # default
            ui-listen = auto # default
            ui-writes = false # default
            zookeeper-listen = off # default
            zookeeper-tick = 3s # default
            zookeeper-words = srvr # default
            """
                .formatted(home, ServeCommand.defaultHistory(Runtime.getRuntime().maxMemory())));
  }

  @Test
  void config_everyKeyFromEnvironment_isTaken() {
    ServerConfig config =
        config(
            Map.of(
                "KUBEKV_ETCD_LISTEN", "[::1]:1",
                "KUBEKV_OPS_LISTEN", "off",
                "KUBEKV_ADVERTISE_CLIENT_URLS", "http://a:1,http://b:2",
                "KUBEKV_NAMESPACE", "kv",
                "KUBEKV_LEASE_DURATION", "15s",
                "KUBEKV_REQUEST_TIMEOUT", "500ms",
                "KUBEKV_HISTORY_BYTES", "1MiB",
                "KUBEKV_MAX_KEY_BYTES", "100",
                "KUBEKV_MAX_VALUE_BYTES", "2KiB"),
            "serve",
            "--consul-listen=[::1]:2",
            "--grpc-listen=127.0.0.1:3",
            "--data-dir=/data",
            "--advertise-replica=10.0.0.1:4",
            "--cors=http://a,http://b",
            "--host-whitelist=kv.example,kv",
            "--consul-node=n1",
            "--zookeeper-listen=127.0.0.1:5",
            "--zookeeper-tick=2s",
            "--ui-listen=127.0.0.1:6",
            "--ui-writes",
            "--zookeeper-words=ruok,mntr",
            "--max-entries=7");

    assertThat(config.etcd()).contains(new ListenAddress("::1", 1));
    assertThat(config.consul()).contains(new ListenAddress("::1", 2));
    assertThat(config.grpc()).contains(new ListenAddress("127.0.0.1", 3));
    assertThat(config.ops()).isEmpty();
    assertThat(config.advertised())
        .containsExactly(URI.create("http://a:1"), URI.create("http://b:2"));
    assertThat(config.replica()).contains(new ListenAddress("10.0.0.1", 4));
    assertThat(config.doors())
        .isEqualTo(
            new DoorsConfig(
                List.of("http://a", "http://b"),
                List.of("kv.example", "kv"),
                Optional.of("n1"),
                Optional.of(
                    new ZooKeeperDoor(
                        new ListenAddress("127.0.0.1", 5),
                        new ZooKeeperDoor.Settings(Duration.ofSeconds(2), Set.of("ruok", "mntr")))),
                new PageConfig(Optional.of(new ListenAddress("127.0.0.1", 6)), false, true)));
    assertThat(config.backend()).isEqualTo(new ServerConfig.Embedded(Path.of("/data"), "kv"));
    assertThat(config.lease()).isEqualTo(Duration.ofSeconds(15));
    assertThat(config.requestTimeout()).isEqualTo(Duration.ofMillis(500));
    assertThat(config.historyBytes()).isEqualTo(1 << 20);
    assertThat(config.limits()).isEqualTo(new io.kubekv.Limits(100, 2048, 128, 7));
  }

  @Test
  void history_isASixteenthOfASmallHeap() {
    assertThat(ServeCommand.defaultHistory(4L << 30)).hasToString("64MiB");
    assertThat(ServeCommand.defaultHistory(614L << 20)).hasToString("38MiB");
    assertThat(ServeCommand.defaultHistory(8L << 20)).hasToString("1MiB");
  }

  @Test
  void storeBytes_areAShareOfTheHeap_unlessTheyAreGiven() {
    ServerConfig inside = config(Map.of(), "serve");
    ServerConfig cluster = config(Map.of(), "serve", "--in-cluster");
    ServerConfig given = config(Map.of("KUBEKV_MAX_STORE_BYTES", "5MiB"), "serve");
    long heap = Runtime.getRuntime().maxMemory();

    assertThat(inside.clients().storeBytes(inside.backend())).isEqualTo(heap / 8);
    assertThat(cluster.clients().storeBytes(cluster.backend())).isEqualTo(heap / 4);
    assertThat(given.clients().storeBytes(given.backend())).isEqualTo(5 << 20);
  }

  @Test
  void config_kubeconfigOrContext_meansACluster() {
    assertThat(config(Map.of("KUBEKV_CONTEXT", "prod"), "serve", "--kubeconfig", "/k").backend())
        .isEqualTo(
            new ServerConfig.Cluster(Optional.of(Path.of("/k")), Optional.of("prod"), "default"));
    assertThat(config(Map.of(), "serve", "--in-cluster").backend())
        .isEqualTo(new ServerConfig.Cluster(Optional.empty(), Optional.empty(), "default"));
    assertThatThrownBy(() -> config(Map.of(), "serve", "--in-cluster", "--kubeconfig=/k"))
        .hasMessageContaining("in-cluster");
  }

  @Test
  void config_etcd_keepsTheKeysThere() throws IOException {
    Path password = Files.writeString(folder.resolve("password"), "secret\n");

    ServerConfig config =
        config(
            Map.of("KUBEKV_ETCD", "a:2379,b:2379", "KUBEKV_NAMESPACE", "kv"),
            "serve",
            "--etcd-ca=/ca.pem",
            "--etcd-user=root",
            "--etcd-password-file=" + password);

    assertThat(config.backend())
        .isEqualTo(
            new ServerConfig.Etcd(
                List.of("a:2379", "b:2379"),
                Optional.of(
                    new ServerConfig.EtcdTls(
                        Optional.of(Path.of("/ca.pem")), Optional.empty(), Optional.empty())),
                Optional.of(new ServerConfig.EtcdUser("root", "secret")),
                "kv"));
    assertThat(config.backend().toString()).doesNotContain("secret");
  }

  @Test
  void config_etcdHalfGiven_isRefusedByName() {
    assertThatThrownBy(() -> config(Map.of(), "serve", "--etcd=a")).hasMessageContaining("'a'");
    assertThatThrownBy(() -> config(Map.of(), "serve", "--etcd-ca=/ca.pem"))
        .hasMessageContaining("etcd=HOST:PORT");
    assertThatThrownBy(() -> config(Map.of(), "serve", "--etcd=a:1", "--etcd-user=root"))
        .hasMessageContaining("etcd-password-file");
    assertThatThrownBy(() -> config(Map.of(), "serve", "--etcd=a:1", "--etcd-key=/k"))
        .hasMessageContaining("needs etcd-cert");
  }

  @Test
  void config_tls_ofEveryDoor() {
    ServerConfig config =
        config(
            Map.of("KUBEKV_CLIENT_CERT_AUTH", "true", "KUBEKV_REPLICA_NAME", "kubekv.example"),
            "serve",
            "--cert-file=/tls.crt",
            "--key-file=/tls.key",
            "--trusted-ca-file=/ca.crt");

    assertThat(config.tls())
        .contains(
            new TlsFiles(
                Path.of("/tls.crt"),
                Path.of("/tls.key"),
                Optional.of(Path.of("/ca.crt")),
                true,
                Optional.of("kubekv.example")));
    assertThat(config.clientUrls()).containsExactly("https://127.0.0.1:2379");
    assertThat(config(Map.of(), "serve").tls()).isEmpty();
  }

  @Test
  void config_tlsHalfGiven_isRefusedByName() {
    assertThatThrownBy(() -> config(Map.of(), "serve", "--cert-file=/c"))
        .hasMessageContaining("cert-file needs key-file");
    assertThatThrownBy(() -> config(Map.of(), "serve", "--trusted-ca-file=/c"))
        .hasMessageContaining("needs cert-file and key-file");
    assertThatThrownBy(
            () ->
                config(Map.of(), "serve", "--cert-file=/c", "--key-file=/k", "--client-cert-auth"))
        .hasMessageContaining("client-cert-auth needs trusted-ca-file");
  }

  @Test
  void config_access_ofAClusterOrOfFiles() {
    ServerConfig cluster =
        config(
            Map.of("KUBEKV_AUTHORIZATION_MODE", "Webhook", "KUBEKV_API_AUDIENCES", "kubekv"),
            "serve",
            "--kubeconfig=/k",
            "--authentication-token-webhook",
            "--cert-file=/tls.crt",
            "--key-file=/tls.key",
            "--trusted-ca-file=/ca.crt",
            "--authorization-cache-ttl=3s",
            "--client-cert-user=san",
            "--replica-token-file=/own");
    ServerConfig files =
        config(
            Map.of(),
            "serve",
            "--authorization-mode=RBAC",
            "--authorization-rbac-file=/rbac",
            "--token-auth-file=/tokens",
            "--audit-log-path=/audit",
            "--anonymous-auth");

    assertThat(cluster.access())
        .contains(
            new AccessConfig(
                AccessConfig.Mode.Webhook,
                Optional.empty(),
                Duration.ofSeconds(3),
                true,
                List.of("kubekv"),
                Optional.empty(),
                AccessConfig.CertificateField.san,
                false,
                Optional.empty()));
    assertThat(cluster.replicaToken()).contains(Path.of("/own"));
    assertThat(files.access())
        .contains(
            new AccessConfig(
                AccessConfig.Mode.RBAC,
                Optional.of(Path.of("/rbac")),
                Duration.ofSeconds(10),
                false,
                List.of(),
                Optional.of(Path.of("/tokens")),
                AccessConfig.CertificateField.subject,
                true,
                Optional.of(Path.of("/audit"))));
    assertThat(config(Map.of(), "serve").access()).isEmpty();
  }

  @Test
  void config_accessThatCannotBe_isRefusedByName() {
    assertThatThrownBy(() -> config(Map.of(), "serve", "--token-auth-file=/t"))
        .hasMessageContaining("needs an authorization-mode");
    assertThatThrownBy(
            () -> config(Map.of(), "serve", "--authorization-mode=Webhook", "--anonymous-auth"))
        .hasMessageContaining("needs a cluster");
    assertThatThrownBy(() -> config(Map.of(), "serve", "--authorization-mode=RBAC"))
        .hasMessageContaining("needs authorization-rbac-file");
    assertThatThrownBy(
            () ->
                config(
                    Map.of(), "serve", "--authorization-mode=RBAC", "--authorization-rbac-file=/r"))
        .hasMessageContaining("nobody could be known");
  }

  @Test
  void precedence_commandLineThenEnvironmentThenFile() throws IOException {
    Path file = file("namespace = f\nlease-duration = 9s\ndata-dir = /f\n");

    String shown =
        printed(
            Map.of("KUBEKV_NAMESPACE", "e", "KUBEKV_LEASE_DURATION", "8s"),
            "serve",
            "--config=" + file,
            "--namespace=c",
            "--print-config");

    assertThat(shown.replaceAll(" +", " "))
        .contains("namespace = c # command line")
        .contains("lease-duration = 8s # environment")
        .contains("data-dir = /f # file");
  }

  @Test
  void file_unknownKey_isRefusedByName() throws IOException {
    Path file = file("etcd-lissten = 127.0.0.1:1\n");

    assertThatThrownBy(() -> config(Map.of("KUBEKV_CONFIG", file.toString()), "serve"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("etcd-lissten")
        .hasMessageContaining(file.toString());
  }

  @Test
  void environment_unknownKey_isRefusedByName() {
    assertThatThrownBy(() -> config(Map.of("KUBEKV_ETCD_PORT", "1"), "serve"))
        .hasMessageContaining("KUBEKV_ETCD_PORT");
  }

  @Test
  void file_missing_isRefusedByName() {
    assertThatThrownBy(() -> config(Map.of(), "serve", "--config", "/no/such/file"))
        .hasMessageContaining("/no/such/file");
  }

  private static String wrongAddress(String text) {
    try {
      return ListenAddress.parse("etcd-listen", text).toString();
    } catch (IllegalArgumentException refused) {
      return String.valueOf(refused.getMessage());
    }
  }

  @Test
  void dataFolder_isWhereTheUserHasIt() {
    String passwd = System.getProperty("user.home");

    assertThat(dataFolder(Map.of("HOME", "/h", "XDG_DATA_HOME", "/x"))).isEqualTo("/x/kubekv");
    assertThat(dataFolder(Map.of("HOME", "/h"))).isEqualTo("/h/.local/share/kubekv");
    assertThat(dataFolder(Map.of("HOME", "/h", "XDG_DATA_HOME", "relative")))
        .isEqualTo("/h/.local/share/kubekv");
    assertThat(dataFolder(Map.of())).isEqualTo(passwd + "/.local/share/kubekv");
    assertThat(dataFolder(Map.of("HOME", "/h", "KUBEKV_DATA_DIR", "/own"))).isEqualTo("/own");
  }

  private static String dataFolder(Map<String, String> environment) {
    return ((ServerConfig.Embedded) config(environment, "serve").backend()).dataDir().toString();
  }

  @Test
  void listenAddress_wrong_saysWhatIsWrong() {
    assertThat(wrongAddress("2379")).isEqualTo("etcd-listen: '2379' is not HOST:PORT or off");
    assertThat(wrongAddress("host:70000")).contains("etcd-listen: 'host:70000' has no port");
    assertThat(wrongAddress(":2379")).contains("0.0.0.0:2379 is every address");
    assertThat(wrongAddress("http://127.0.0.1:2379")).contains("etcd-listen").contains("a URL");
    assertThat(ListenAddress.parse("etcd-listen", "off")).isEmpty();
    assertThatThrownBy(() -> config(Map.of(), "serve", "--advertise-replica=off"))
        .hasMessageContaining("advertise-replica: 'off'");
    assertThatThrownBy(() -> config(Map.of(), "serve", "--etcd=http://a:1"))
        .hasMessageContaining("etcd: 'http://a:1'");
  }

  @Test
  void byteSize_wrong_saysWhatIsWrong() {
    assertThatThrownBy(() -> ByteSize.parse("64 megs")).hasMessageContaining("64 megs");
    assertThat(ByteSize.parse("2GiB").bytes()).isEqualTo(2L << 30);
  }

  @Test
  void durations_wrong_saysWhatIsWrong() {
    assertThatThrownBy(() -> Durations.parse("6")).hasMessageContaining("'6'");
    assertThat(Durations.parse("2m")).isEqualTo(Duration.ofMinutes(2));
  }
}
