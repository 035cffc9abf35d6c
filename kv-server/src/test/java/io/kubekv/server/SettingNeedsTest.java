package io.kubekv.server;

import static io.kubekv.server.SettingNeedsTest.State.AUTHORIZED;
import static io.kubekv.server.SettingNeedsTest.State.CLIENT_CERTIFICATES;
import static io.kubekv.server.SettingNeedsTest.State.CLUSTER;
import static io.kubekv.server.SettingNeedsTest.State.CONSUL_DOOR;
import static io.kubekv.server.SettingNeedsTest.State.EMBEDDED;
import static io.kubekv.server.SettingNeedsTest.State.ETCD;
import static io.kubekv.server.SettingNeedsTest.State.ETCD_CERT;
import static io.kubekv.server.SettingNeedsTest.State.ETCD_DOOR;
import static io.kubekv.server.SettingNeedsTest.State.ETCD_USER;
import static io.kubekv.server.SettingNeedsTest.State.GRPC_DOOR;
import static io.kubekv.server.SettingNeedsTest.State.HTTP_DOOR;
import static io.kubekv.server.SettingNeedsTest.State.KUBERNETES;
import static io.kubekv.server.SettingNeedsTest.State.NO_FILE;
import static io.kubekv.server.SettingNeedsTest.State.NO_POD;
import static io.kubekv.server.SettingNeedsTest.State.PAGE;
import static io.kubekv.server.SettingNeedsTest.State.PLAIN_TEXT;
import static io.kubekv.server.SettingNeedsTest.State.RATE;
import static io.kubekv.server.SettingNeedsTest.State.RBAC;
import static io.kubekv.server.SettingNeedsTest.State.TLS;
import static io.kubekv.server.SettingNeedsTest.State.TOKEN_REVIEW;
import static io.kubekv.server.SettingNeedsTest.State.TRACES;
import static io.kubekv.server.SettingNeedsTest.State.ZOOKEEPER_DOOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Every setting in every mode: it counts, or it is refused by its name. A setting that is in no row
 * of this table is a failure: whoever adds one says here what it needs.
 */
class SettingNeedsTest {
  private static final CommandLine PROGRAM = Main.commandLine(new String[] {"serve"}, Map.of());

  @TempDir static Path folder;
  private static Path password;

  /** What a mode has; a setting counts where all that it needs is there. */
  enum State {
    EMBEDDED,
    CLUSTER,
    KUBERNETES,
    NO_POD,
    NO_FILE,
    ETCD,
    ETCD_CERT,
    ETCD_USER,
    ETCD_DOOR,
    HTTP_DOOR,
    CONSUL_DOOR,
    GRPC_DOOR,
    ZOOKEEPER_DOOR,
    PAGE,
    PLAIN_TEXT,
    TLS,
    CLIENT_CERTIFICATES,
    AUTHORIZED,
    RBAC,
    TOKEN_REVIEW,
    RATE,
    TRACES
  }

  record Mode(String name, Set<State> has, List<String> args) {
    @Override
    public String toString() {
      return name;
    }
  }

  private record Setting(String value, Set<State> needs) {}

  private static Setting setting(String value, State... needs) {
    return new Setting(value, Set.of(needs));
  }

  private static final Map<String, Setting> SETTINGS = new TreeMap<>();

  static {
    SETTINGS.put("advertise-client-urls", setting("http://a:1", ETCD_DOOR));
    SETTINGS.put("advertise-replica", setting("a:1", GRPC_DOOR));
    SETTINGS.put("anonymous-auth", setting("true", AUTHORIZED));
    SETTINGS.put("api-audiences", setting("kubekv", TOKEN_REVIEW));
    SETTINGS.put("audit-log-path", setting("/audit", AUTHORIZED));
    SETTINGS.put("authentication-token-webhook", setting("true", AUTHORIZED, CLUSTER));
    SETTINGS.put("authorization-cache-ttl", setting("3s", AUTHORIZED));
    SETTINGS.put("authorization-mode", setting("AlwaysAllow"));
    SETTINGS.put("authorization-rbac-file", setting("/rbac", RBAC));
    SETTINGS.put("cert-file", setting("/tls.crt", TLS));
    SETTINGS.put("client-burst", setting("7", RATE));
    SETTINGS.put("client-bytes-per-second", setting("1MiB"));
    SETTINGS.put("client-cert-auth", setting("true", CLIENT_CERTIFICATES));
    SETTINGS.put("client-cert-user", setting("san", CLIENT_CERTIFICATES, AUTHORIZED));
    SETTINGS.put("client-connections", setting("7"));
    SETTINGS.put("client-qps", setting("7"));
    SETTINGS.put("client-requests-in-flight", setting("7"));
    SETTINGS.put("client-sessions", setting("7"));
    SETTINGS.put("client-watches", setting("7"));
    SETTINGS.put("consul-listen", setting("127.0.0.1:1"));
    SETTINGS.put("consul-node", setting("n1", CONSUL_DOOR));
    SETTINGS.put("context", setting("prod", KUBERNETES, NO_POD));
    SETTINGS.put("cors", setting("http://a", HTTP_DOOR));
    SETTINGS.put("data-dir", setting("/data", EMBEDDED));
    SETTINGS.put("etcd", setting("a:1"));
    SETTINGS.put("etcd-ca", setting("/ca", ETCD));
    SETTINGS.put("etcd-cert", setting("/crt", ETCD_CERT));
    SETTINGS.put("etcd-key", setting("/key", ETCD_CERT));
    SETTINGS.put("etcd-listen", setting("127.0.0.1:1"));
    SETTINGS.put("etcd-password-file", setting("PASSWORD", ETCD_USER));
    SETTINGS.put("etcd-user", setting("root", ETCD_USER));
    SETTINGS.put("grpc-listen", setting("127.0.0.1:1"));
    SETTINGS.put("history-bytes", setting("1MiB"));
    SETTINGS.put("host-whitelist", setting("a", HTTP_DOOR, PLAIN_TEXT));
    SETTINGS.put("in-cluster", setting("true", KUBERNETES, NO_FILE));
    SETTINGS.put("key-file", setting("/tls.key", TLS));
    SETTINGS.put("kubeconfig", setting("/k", KUBERNETES, NO_POD));
    SETTINGS.put("lease-duration", setting("3s"));
    SETTINGS.put("log-format", setting("json"));
    SETTINGS.put("max-connections", setting("7"));
    SETTINGS.put("max-entries", setting("7"));
    SETTINGS.put("max-store-bytes", setting("5MiB"));
    SETTINGS.put("max-key-bytes", setting("7"));
    SETTINGS.put("max-list-bytes", setting("1MiB", HTTP_DOOR));
    SETTINGS.put("max-value-bytes", setting("7"));
    SETTINGS.put("max-watches", setting("7"));
    SETTINGS.put("namespace", setting("kv"));
    SETTINGS.put("ops-listen", setting("127.0.0.1:1"));
    SETTINGS.put("replica-name", setting("kv.example", TLS));
    SETTINGS.put("replica-token-file", setting("/token"));
    SETTINGS.put("request-timeout", setting("3s"));
    SETTINGS.put("token-auth-file", setting("/tokens", AUTHORIZED));
    SETTINGS.put("tracing-endpoint", setting("http://a:1/v1/traces"));
    SETTINGS.put("tracing-keys", setting("true", TRACES));
    SETTINGS.put("tracing-ratio", setting("0.5", TRACES));
    SETTINGS.put("trusted-ca-file", setting("/ca", TLS));
    SETTINGS.put("ui-listen", setting("127.0.0.1:2"));
    SETTINGS.put("ui-writes", setting("true", PAGE));
    SETTINGS.put("zookeeper-listen", setting("127.0.0.1:1"));
    SETTINGS.put("zookeeper-tick", setting("2s", ZOOKEEPER_DOOR));
    SETTINGS.put("zookeeper-words", setting("ruok", ZOOKEEPER_DOOR));
  }

  /** What each would be given to is another mode then, which is in the list. */
  private static final Set<String> MODES_OF_THEIR_OWN = Set.of("etcd", "authorization-mode");

  private static Mode mode(String name, Set<State> has, String... args) {
    return new Mode(name, has, List.of(args));
  }

  private static Set<State> with(State... has) {
    EnumSet<State> all = EnumSet.of(ETCD_DOOR, HTTP_DOOR, CONSUL_DOOR, GRPC_DOOR, PLAIN_TEXT, PAGE);
    all.addAll(List.of(has));
    if (all.contains(TLS)) {
      all.remove(PLAIN_TEXT);
    }
    return all;
  }

  private static Set<State> without(State... hasNot) {
    Set<State> all = with(EMBEDDED, KUBERNETES, NO_POD, NO_FILE);
    all.removeAll(List.of(hasNot));
    return all;
  }

  private static List<Mode> modes() {
    return List.of(
        mode("the defaults", with(EMBEDDED, KUBERNETES, NO_POD, NO_FILE)),
        mode("a kubeconfig", with(KUBERNETES, NO_POD, CLUSTER), "--kubeconfig=/k"),
        mode("a context", with(KUBERNETES, NO_POD, CLUSTER), "--context=prod"),
        mode("a pod", with(KUBERNETES, CLUSTER, NO_FILE), "--in-cluster"),
        mode("etcd", with(ETCD), "--etcd=a:1"),
        mode(
            "etcd by certificate",
            with(ETCD, ETCD_CERT),
            "--etcd=a:1",
            "--etcd-cert=/c",
            "--etcd-key=/k"),
        mode(
            "etcd by password",
            with(ETCD, ETCD_USER),
            "--etcd=a:1",
            "--etcd-user=root",
            "--etcd-password-file=PASSWORD"),
        mode("no etcd door", without(ETCD_DOOR), "--etcd-listen=off"),
        mode("no Consul door", without(CONSUL_DOOR), "--consul-listen=off"),
        mode(
            "no HTTP door",
            without(ETCD_DOOR, HTTP_DOOR, CONSUL_DOOR),
            "--etcd-listen=off",
            "--consul-listen=off"),
        mode("no gRPC door", without(GRPC_DOOR), "--grpc-listen=off"),
        mode(
            "a ZooKeeper door",
            with(EMBEDDED, KUBERNETES, NO_POD, NO_FILE, ZOOKEEPER_DOOR),
            "--zookeeper-listen=127.0.0.1:2181"),
        mode("no operations pages", without(PAGE), "--ops-listen=off"),
        mode("operations pages for all", without(PAGE), "--ops-listen=0.0.0.0:2381"),
        mode(
            "a page of its own",
            without(),
            "--ops-listen=0.0.0.0:2381",
            "--ui-listen=127.0.0.1:2382"),
        mode("no page", without(PAGE), "--ui-listen=off"),
        mode(
            "TLS",
            with(EMBEDDED, KUBERNETES, NO_POD, NO_FILE, TLS),
            "--cert-file=/c",
            "--key-file=/k"),
        mode(
            "clients' certificates",
            with(EMBEDDED, KUBERNETES, NO_POD, NO_FILE, TLS, CLIENT_CERTIFICATES),
            "--cert-file=/c",
            "--key-file=/k",
            "--trusted-ca-file=/ca"),
        mode(
            "RBAC and tokens",
            with(EMBEDDED, KUBERNETES, NO_POD, NO_FILE, AUTHORIZED, RBAC),
            "--authorization-mode=RBAC",
            "--authorization-rbac-file=/r",
            "--token-auth-file=/t"),
        mode(
            "RBAC and tokens on etcd",
            with(ETCD, AUTHORIZED, RBAC),
            "--etcd=a:1",
            "--authorization-mode=RBAC",
            "--authorization-rbac-file=/r",
            "--token-auth-file=/t"),
        mode(
            "a cluster that decides",
            with(KUBERNETES, NO_POD, CLUSTER, AUTHORIZED, TOKEN_REVIEW, TLS, CLIENT_CERTIFICATES),
            "--kubeconfig=/k",
            "--authorization-mode=Webhook",
            "--authentication-token-webhook",
            "--cert-file=/c",
            "--key-file=/k",
            "--trusted-ca-file=/ca"),
        mode("a rate", with(EMBEDDED, KUBERNETES, NO_POD, NO_FILE, RATE), "--client-qps=7"),
        mode(
            "traces",
            with(EMBEDDED, KUBERNETES, NO_POD, NO_FILE, TRACES),
            "--tracing-endpoint=http://a:1/v1/traces"));
  }

  @BeforeAll
  static void passwordFile() throws IOException {
    password = Files.writeString(folder.resolve("password"), "secret");
  }

  static Stream<Arguments> allPairs() {
    return SETTINGS.keySet().stream()
        .filter(name -> !MODES_OF_THEIR_OWN.contains(name))
        .flatMap(name -> modes().stream().map(mode -> Arguments.of(name, mode)));
  }

  /** One program for all: to make one takes longer than to parse. */
  private static synchronized CommandSpec serve(List<String> args) {
    String[] all =
        Stream.concat(Stream.of("serve"), args.stream())
            .map(arg -> arg.replace("PASSWORD", String.valueOf(password)))
            .toArray(String[]::new);
    return PROGRAM.parseArgs(all).subcommand().commandSpec();
  }

  private static synchronized ServerConfig config(List<String> args) {
    return ((ServeCommand) serve(args).userObject()).config();
  }

  /** Adds a setting to a mode; one that the mode is made of is said anew there. */
  private static List<String> added(String name, String value, Mode mode) {
    List<String> args = new ArrayList<>(mode.args());
    args.removeIf(arg -> arg.equals("--" + name) || arg.startsWith("--" + name + "="));
    args.add(value.equals("true") ? "--" + name : "--" + name + "=" + value);
    return args;
  }

  @Test
  void everySetting_isInTheTable() {
    assertThat(SETTINGS.keySet()).isEqualTo(Settings.names(serve(List.of())));
  }

  @Test
  void everyMode_isOneByItself() {
    for (Mode mode : modes()) {
      assertThatCode(() -> config(mode.args())).as(mode.name()).doesNotThrowAnyException();
    }
  }

  @ParameterizedTest(name = "{0} with {1}")
  @MethodSource("allPairs")
  void everySetting_inEveryMode_countsOrIsRefusedByName(String name, Mode mode) {
    Setting setting = Objects.requireNonNull(SETTINGS.get(name));
    List<String> args = added(name, setting.value(), mode);

    if (mode.has().containsAll(setting.needs())) {
      assertThatCode(() -> config(args)).doesNotThrowAnyException();
    } else {
      assertThatThrownBy(() -> config(args))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(name + " ");
    }
  }

  @Test
  void severalThatWouldBeIgnored_areAllNamed() {
    assertThatThrownBy(() -> config(List.of("--etcd-user=root", "--tracing-keys")))
        .hasMessage(
            "etcd-user needs etcd=HOST:PORT; etcd-user needs etcd-password-file;"
                + " tracing-keys needs tracing-endpoint or a variable of OpenTelemetry's");
  }

  @Test
  void variableOfOpenTelemetry_isATracingEndpoint() {
    String[] args = {"serve", "--tracing-ratio=0.5"};
    CommandLine main =
        Main.commandLine(args, Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://a:4318"));
    ServeCommand serve =
        (ServeCommand) main.parseArgs(args).subcommand().commandSpec().userObject();

    assertThatCode(serve::config).doesNotThrowAnyException();
  }

  @Test
  void everyDoorOff_isRefused() {
    assertThatThrownBy(
            () -> config(List.of("--etcd-listen=off", "--consul-listen=off", "--grpc-listen=off")))
        .hasMessageContaining("nothing would be served");
  }
}
