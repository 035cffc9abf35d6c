package io.kubekv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.cli.ServerUnderTest.Ran;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers by name, and by variables. */
class ContextVerbTest {
  @TempDir Path home;

  private final ServerUnderTest server = new ServerUnderTest();
  private final ServerUnderTest other = new ServerUnderTest();

  @BeforeEach
  void mark() {
    assertThat(server.run("put", "which", "server").exitCode()).isZero();
    assertThat(other.run("put", "which", "other").exitCode()).isZero();
  }

  @AfterEach
  void close() {
    server.close();
    other.close();
  }

  private Ran run(Map<String, String> more, String... args) {
    Map<String, String> environment = new TreeMap<>(Map.of("HOME", home.toString()));
    environment.putAll(more);
    return ServerUnderTest.run(environment, new ByteArrayOutputStream(), new byte[0], args);
  }

  private Ran run(String... args) {
    return run(Map.of(), args);
  }

  @Test
  void use_choosesTheServer_untilAnotherIsNamed() {
    assertThat(run("context", "set", "one", "--server", server.address()).exitCode()).isZero();
    assertThat(run("context", "set", "two", "--server", other.address()).exitCode()).isZero();
    assertThat(run("context", "use", "one").exitCode()).isZero();

    assertThat(run("get", "which").out()).isEqualTo("server");
    assertThat(run("get", "which", "--context", "two").out()).isEqualTo("other");
    assertThat(run(Map.of("KUBEKV_CLIENT_CONTEXT", "two"), "get", "which").out())
        .isEqualTo("other");
    assertThat(run(Map.of("KUBEKV_SERVER", other.address()), "get", "which").out())
        .isEqualTo("other");
    assertThat(run("get", "which", "--server", other.address()).out()).isEqualTo("other");
  }

  @Test
  void settingOfTwoLines_isNotTaken_andTheOthersStay() {
    run("context", "set", "one", "--server", server.address(), "--use");

    Ran refused = run("context", "set", "one", "--timeout", "3s", "--server-name", "a\nb = c");

    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err())
        .contains("--server-name has a line break, and each setting of a context is one line");
    assertThat(run("context", "list", "--no-headers").out()).doesNotContain("timeout");
    assertThat(run("get", "which").out()).isEqualTo("server");
  }

  @Test
  void list_showsTheChosenOne() {
    run("context", "set", "one", "--server", server.address(), "--timeout", "3s", "--use");
    run("context", "set", "two", "--server", other.address());

    assertThat(run("context", "list", "--no-headers").lines())
        .satisfiesExactly(
            one -> assertThat(one).startsWith("*").contains("one", server.address(), "timeout"),
            two -> assertThat(two).startsWith(" ").contains("two", other.address()));
    assertThat(run("context", "list", "-o", "value").lines()).containsExactly("one", "two");
    assertThat(run("context", "list", "-o", "jsonpath={.name}={.chosen}").lines())
        .containsExactly("one=true", "two=false");
  }

  @Test
  void set_addsToWhatWasSaid_andTheFileIsForItsOwnerAlone() throws IOException {
    run("context", "set", "one", "--server", server.address());
    run("context", "set", "one", "--timeout", "3s");

    Path file = home.resolve(".config/kubekv/config");
    assertThat(Files.readAllLines(file))
        .contains("one.server = " + server.address(), "one.timeout = 3s");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void delete_forgetsIt_andTheChoice() {
    run("context", "set", "one", "--server", server.address(), "--use");

    assertThat(run("context", "delete", "one").exitCode()).isZero();

    assertThat(run("context", "list", "--no-headers").out()).isEmpty();
    assertThat(run("context", "delete", "one").exitCode()).isEqualTo(2);
  }

  @Test
  void namedServer_hasNothingOfTheChosenContext() throws IOException {
    Path secret = Files.writeString(home.resolve("missing-token"), "secret");
    run("context", "set", "one", "--server", server.address(), "--token-file", secret.toString());
    run("context", "use", "one");
    Files.delete(secret);

    assertThat(run("get", "which").err()).contains("token-file of context one: there is no file");
    assertThat(run("get", "which", "--server", other.address()).out()).isEqualTo("other");
  }

  @Test
  void xdgConfigHome_isWhereTheyAre() {
    Map<String, String> xdg = Map.of("XDG_CONFIG_HOME", home.resolve("xdg").toString());

    run(xdg, "context", "set", "one", "--server", server.address());

    assertThat(home.resolve("xdg/kubekv/config")).exists();
  }

  @Test
  void variables_sayWhatOptionsDo() {
    Map<String, String> slow =
        Map.of("KUBEKV_SERVER", server.address(), "KUBEKV_TIMEOUT", "7s", "KUBEKV_TLS", "false");

    assertThat(run(slow, "get", "which").out()).isEqualTo("server");
    assertThat(Verbs.variables())
        .contains(
            "KUBEKV_SERVER",
            "KUBEKV_TIMEOUT",
            "KUBEKV_TLS",
            "KUBEKV_CACERT",
            "KUBEKV_CERT",
            "KUBEKV_KEY",
            "KUBEKV_SERVER_NAME",
            "KUBEKV_TOKEN_FILE",
            "KUBEKV_TOKEN",
            "KUBEKV_CLIENT_CONTEXT");
  }
}
