package io.kubekv.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.cli.terminal.Terminal;
import io.kubekv.contract.UserMessage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What operators are told when a server cannot start: what, where and what to do. */
class ServeMessagesTest {
  private static final String OFF =
      "--consul-listen off --grpc-listen off --ops-listen off --data-dir {folder}/data";

  /** Of a machine whose usual ports others may have. */
  private static final String FREE =
      "--etcd-listen 127.0.0.1:0 --consul-listen off --grpc-listen off --ops-listen off";

  @TempDir static Path folder;

  private static ServerSocket taken;

  @BeforeAll
  static void open() throws IOException {
    taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    Files.writeString(folder.resolve("file"), "x");
    Files.writeString(folder.resolve("typo.conf"), "etcd-listn = 127.0.0.1:0\n");
    Files.writeString(folder.resolve("xyzzy.conf"), "xyzzy = 1\n");
    Files.writeString(folder.resolve("latin.conf"), "log-level = \u00e9\n", ISO_8859_1);
    Files.writeString(folder.resolve("backslash.conf"), "data-dir = C:\\users\n");
    Files.writeString(folder.resolve("broken.yaml"), "apiVersion: [\n");
    Files.writeString(folder.resolve("empty.yaml"), "");
    Files.writeString(
        folder.resolve("kube.yaml"),
        """
        apiVersion: v1
        kind: Config
        current-context: one
        contexts: [{name: one, context: {cluster: c, user: u}}]
        clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
        users: [{name: u, user: {}}]
        """);
  }

  @AfterAll
  static void close() throws IOException {
    taken.close();
  }

  private static String filled(String text) {
    return text.replace("{off}", OFF)
        .replace("{free}", FREE)
        .replace("{folder}", folder.toString())
        .replace("{taken}", "127.0.0.1:" + taken.getLocalPort());
  }

  private record Ran(int exitCode, String err) {}

  private static Ran run(Map<String, String> more, String line) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream printed = new PrintStream(err, true, StandardCharsets.UTF_8);
    Map<String, String> environment = new TreeMap<>(Map.of("HOME", folder.toString()));
    environment.putAll(more);
    Terminal terminal =
        new Terminal(environment, new ByteArrayInputStream(new byte[0]), printed, printed, "");
    int exitCode = ProgramUnderTest.run(terminal, filled(line).split(" "));
    return new Ran(exitCode, err.toString(StandardCharsets.UTF_8));
  }

  private static void assertSays(Ran ran, int exitCode, String said) {
    UserMessage.requireForPeople(ran.err());
    assertThat(ran.err().lines().findFirst().orElse("")).isEqualTo("kubekv: " + filled(said));
    assertThat(ran.exitCode()).isEqualTo(exitCode);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
"""
serve --foo|kubekv serve has no option --foo
serve --etcd-lisen 127.0.0.1:0|kubekv serve has no option --etcd-lisen: did you mean --etcd-listen?
serve now|'now' is one argument too many for kubekv serve
sevre|kubekv has no verb 'sevre': did you mean serve?
start|kubekv has no verb 'start': did you mean serve?
serve --lease-duration 6|--lease-duration: '6' is not a duration such as 500ms, 6s or 5m
serve --max-value-bytes 1MB|--max-value-bytes: '1MB' is not a size such as 4096, 512KiB, 64MiB or 1GiB
serve --log-format xml|--log-format: 'xml' is not text or json
serve --max-entries many|--max-entries: 'many' is not a whole number
serve --etcd-listen|--etcd-listen needs a value: HOST:PORT
""")
  void wrongUsage_isTwoLines(String line, String said) {
    Ran ran = run(Map.of(), line);

    assertSays(ran, 2, said);
    assertThat(ran.err().lines()).hasSize(2);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
"""
serve --etcd-listen foo|etcd-listen: 'foo' is not HOST:PORT or off
serve --consul-listen :8500|consul-listen: ':8500' has no host: 0.0.0.0:8500 is every address
serve --etcd-listen http://127.0.0.1:2379|etcd-listen: 'http://127.0.0.1:2379' is a URL or a path, and HOST:PORT is wanted, without http://
serve --grpc-listen 127.0.0.1:99999|grpc-listen: '127.0.0.1:99999' has no port from 0 to 65535
serve --zookeeper-listen 2181|zookeeper-listen: '2181' is not HOST:PORT or off
serve {free} --kubeconfig {folder}/nowhere|cannot read the kubeconfig {folder}/nowhere: it does not exist
serve {free} --kubeconfig {folder}/empty.yaml|{folder}/empty.yaml is no kubeconfig: it is empty
serve {free} --kubeconfig {folder}/kube.yaml --context prod|{folder}/kube.yaml has no context 'prod': it has one
serve {free} --in-cluster|in-cluster is for pods, and this is none: KUBERNETES_SERVICE_HOST is not set; elsewhere use --kubeconfig FILE
serve --etcd-user me|etcd-user needs etcd=HOST:PORT; etcd-user needs etcd-password-file
serve --data-dir {folder}/d --kubeconfig {folder}/kube.yaml|data-dir does not go with kubeconfig, context, in-cluster or etcd
serve --authorization-mode RBAC|authorization-mode=RBAC needs authorization-rbac-file
serve --cert-file {folder}/file|cert-file needs key-file
serve --etcd-listen off --consul-listen off --grpc-listen off|etcd-listen, consul-listen and grpc-listen are off: nothing would be served
serve --etcd-listen 127.0.0.1:7 --consul-listen 127.0.0.1:7 --grpc-listen off --ops-listen off|consul-listen and etcd-listen are both 127.0.0.1:7
""")
  void wrongSetting_isNamed(String line, String said) {
    assertSays(run(Map.of(), line), 2, said);
  }

  @Test
  void brokenKubeconfig_isNamedWithItsFile() {
    Ran ran = run(Map.of(), "serve {free} --kubeconfig {folder}/broken.yaml");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).startsWith("kubekv: " + folder + "/broken.yaml is no kubeconfig: ");
    UserMessage.requireForPeople(ran.err());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
"""
serve --etcd-listen {taken} {off}|etcd-listen: cannot listen on {taken}: Address already in use; is another server running there? Choose another with --etcd-listen
serve --etcd-listen 192.0.2.1:2379 {off}|etcd-listen: cannot listen on 192.0.2.1:2379: it is no address of this machine; choose one of its with --etcd-listen
serve --etcd-listen nowhere.invalid:2379 {off}|etcd-listen: cannot listen on nowhere.invalid:2379: no address of a host 'nowhere.invalid' is known
serve --etcd-listen 127.0.0.1:0 {off}/x/../../file|cannot use the data directory {folder}/data/x/../../file: {folder}/data/x/../../file is there, and is no folder; make it this user's, or name another with --data-dir
serve --etcd-listen 127.0.0.1:0 {off}/../file/below|cannot use the data directory {folder}/data/../file/below: {folder}/data/../file is there, and is no folder; make it this user's, or name another with --data-dir
""")
  void startThatFails_saysWhatAndWhatToDo(String line, String said) throws IOException {
    Files.createDirectories(folder.resolve("data/x"));

    assertSays(run(Map.of(), line), 1, said);
  }

  @ParameterizedTest
  @CsvSource({"member,etcd", "version-2,ZooKeeper", "raft,Consul", "serf,Consul"})
  void dataDirectoryOfAnotherStore_isLeftAlone(String theirs, String whose) throws IOException {
    Path data = folder.resolve("of-" + theirs);
    Files.createDirectories(data.resolve(theirs));

    assertSays(
        run(Map.of(), "serve {free} --data-dir " + data),
        1,
        "data directory %s is that of %s: it has a folder %s; name one of its own for kubekv"
            .formatted(data, whose, theirs));
    try (Stream<Path> left = Files.list(data)) {
      assertThat(left).containsExactly(data.resolve(theirs));
    }
  }

  @Test
  void dataDirectoryInUse_isSaid() throws IOException {
    Path data = folder.resolve("used");
    try (var holder =
        io.kubekv.embedded.EmbeddedApiServer.start(
            io.kubekv.embedded.EmbeddedApiServerConfig.durable(data))) {
      assertThat(holder.uri()).isNotNull();
      Ran ran = run(Map.of(), "serve {free} --data-dir " + data);

      assertSays(
          ran,
          1,
          "data directory "
              + data
              + " is in use by another process: stop that one, or name another directory");
    }
  }

  @Test
  void unknownSettings_areNamedWithWhatIsMeant() {
    assertThat(failure(Map.of(), "serve --config {folder}/typo.conf"))
        .isEqualTo(
            filled(
                "{folder}/typo.conf sets etcd-listn (did you mean etcd-listen?), which kubekv"
                    + " serve does not know; see kubekv serve --help"));
    assertThat(failure(Map.of(), "serve --config {folder}/xyzzy.conf"))
        .isEqualTo(
            filled(
                "{folder}/xyzzy.conf sets xyzzy, which kubekv serve does not know; see kubekv"
                    + " serve --help"));
    assertThat(failure(Map.of("KUBEKV_ETCD_LISTN", "x"), "serve"))
        .isEqualTo(
            "the environment sets KUBEKV_ETCD_LISTN (did you mean KUBEKV_ETCD_LISTEN?), which"
                + " kubekv serve does not know; see kubekv serve --help");
    assertThat(failure(Map.of(), "serve --config {folder}/nowhere.conf"))
        .isEqualTo(
            filled("cannot read the configuration file: there is no file {folder}/nowhere.conf"));
    assertThat(failure(Map.of(), "serve --config {folder}/latin.conf"))
        .isEqualTo(
            filled(
                "cannot read the configuration file: {folder}/latin.conf: it is not UTF-8 text"));
    assertThat(failure(Map.of(), "serve --config {folder}/backslash.conf"))
        .isEqualTo(
            filled(
                "cannot read the configuration file: {folder}/backslash.conf: \\u without four"
                    + " hexadecimal digits; write a backslash as \\\\"));
  }

  /** Settings are read before there is a command line. */
  private static String failure(Map<String, String> environment, String line) {
    try {
      Main.commandLine(filled(line).split(" "), environment);
    } catch (IllegalArgumentException refused) {
      UserMessage.requireForPeople(String.valueOf(refused.getMessage()));
      return String.valueOf(refused.getMessage());
    }
    throw new AssertionError("it was taken: " + line);
  }

  @Test
  void variablesOfTheVerbs_areNoBusinessOfAServer() {
    Map<String, String> environment = new TreeMap<>();
    io.kubekv.cli.Verbs.variables().forEach(name -> environment.put(name, "x"));

    assertThat(Main.commandLine(new String[] {"serve"}, environment)).isNotNull();
  }

  @Test
  void help_showsEveryOptionInItsGroup() {
    Ran ran = run(Map.of(), "serve --help");

    assertThat(ran.exitCode()).isZero();
    assertThat(ran.err().lines().filter(line -> line.matches("[A-Z][A-Za-z ]+:")))
        .containsExactly(
            "Where it listens:",
            "Where the keys are kept:",
            "TLS:",
            "Who may do what:",
            "Limits:",
            "The protocols:",
            "Log and traces:",
            "Configuration and help:");
    String help = ran.err();
    CommandLine program = Main.commandLine(new String[] {"serve"}, Map.of());
    CommandLine serve = Objects.requireNonNull(program.getSubcommands().get("serve"));
    for (String name : serve.getCommandSpec().optionsMap().keySet()) {
      assertThat(help).contains(name);
    }
  }
}
