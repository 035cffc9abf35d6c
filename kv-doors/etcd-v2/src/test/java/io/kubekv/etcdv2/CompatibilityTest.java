package io.kubekv.etcdv2;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.engine.EngineStore;
import io.kubekv.transport.http.RawHttp;
import io.kubekv.transport.http.RawHttp.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** COMPATIBILITY.md says what the door does: every row of its tables is tried. */
final class CompatibilityTest {
  private static final Path SOURCES = Path.of("src/main/java/io/kubekv/etcdv2");
  private static final EngineStore store = EngineStore.inMemory();
  private static DoorUnderTest door;

  @BeforeAll
  static void open() {
    door = new DoorUnderTest(store);
  }

  @AfterAll
  static void close() {
    door.close();
    store.close();
  }

  /** The cells of the table below a heading, without its head. */
  private static Stream<List<String>> table(String heading) throws IOException {
    List<String> lines = Files.readAllLines(Path.of("../../kv-server/COMPATIBILITY.md"));
    return lines.subList(lines.indexOf(heading) + 1, lines.size()).stream()
        .dropWhile(line -> !line.startsWith("|"))
        .takeWhile(line -> line.startsWith("|"))
        .skip(2)
        .map(line -> Arrays.stream(line.split("\\|")).skip(1).map(String::strip).toList());
  }

  static Stream<List<String>> paths() throws IOException {
    return table("### Paths");
  }

  static Stream<List<String>> parameters() throws IOException {
    return table("### Parameters of `/v2/keys`");
  }

  private static Answer call(String method, String target) throws IOException {
    try (RawHttp http = door.connect()) {
      http.request(method, target, "");
      return method.equals("HEAD") ? http.bodyless() : http.answer();
    }
  }

  @ParameterizedTest
  @MethodSource("paths")
  void path_answersAsTheTableSays(List<String> row) throws IOException {
    String fresh = row.get(1).replaceFirst("/k$", "/k" + System.nanoTime());

    assertThat(call(row.get(0), fresh).status()).isEqualTo(Integer.parseInt(row.get(2)));
  }

  @ParameterizedTest
  @MethodSource("parameters")
  void parameter_isReadAsTheTableSays(List<String> row) throws IOException {
    String name = row.get(0);
    String wrong = row.get(1).equals("text") ? "" : "x";
    String right = row.get(1).equals("flag") ? "false" : "7";

    String refusal = call("PUT", "/v2/keys/p?" + name + "=" + wrong).body();
    String accepted = call("PUT", "/v2/keys/" + name + "?" + name + "=" + right).body();

    if (row.get(2).equals("-")) {
      assertThat(refusal).contains("\"action\"");
    } else {
      assertThat(refusal).contains("\"errorCode\":" + row.get(2) + ",").contains(name);
    }
    assertThat(accepted).doesNotContain("invalid value");
  }

  @Test
  void everyParameterRead_isInTheTable() throws IOException {
    Pattern reading =
        Pattern.compile("form\\s*\\.(?:has|bytes|index|seconds|flag|optionalFlag)\\(\"(\\w+)\"\\)");
    Matcher matcher = reading.matcher(Files.readString(SOURCES.resolve("KeysRequest.java")));
    Set<String> read = new TreeSet<>();
    while (matcher.find()) {
      read.add(matcher.group(1));
    }

    assertThat(parameters().map(row -> row.get(0))).containsExactlyInAnyOrderElementsOf(read);
  }

  @Test
  void everyRoute_isInTheTable() throws IOException {
    Pattern route = Pattern.compile("\"(/(?:v2|version|health)[a-z0-9/]*)\"");
    Matcher matcher = route.matcher(Files.readString(SOURCES.resolve("EtcdV2Dialect.java")));
    List<String> listed = paths().map(row -> row.get(1)).toList();

    while (matcher.find()) {
      assertThat(listed).anyMatch(path -> path.startsWith(matcher.group(1)));
    }
  }
}
