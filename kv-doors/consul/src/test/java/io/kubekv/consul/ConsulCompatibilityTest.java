package io.kubekv.consul;

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
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** COMPATIBILITY.md says what the Consul door does: every row of its tables is tried. */
final class ConsulCompatibilityTest {
  private static final Path SOURCES = Path.of("src/main/java/io/kubekv/consul");
  private static final EngineStore store = EngineStore.inMemory();
  private static ConsulUnderTest door;

  @BeforeAll
  static void open() {
    door = new ConsulUnderTest(store);
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
    return table("### Consul paths");
  }

  static Stream<List<String>> parameters() throws IOException {
    return table("### Consul parameters");
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
    assertThat(call(row.get(0), row.get(1)).status()).isEqualTo(Integer.parseInt(row.get(2)));
  }

  @ParameterizedTest
  @MethodSource("parameters")
  void parameter_isReadAsTheTableSays(List<String> row) throws IOException {
    for (String method : row.get(1).split(" ")) {
      Answer answer = call(method, "/v1/kv/p?" + row.get(0) + "=x%2F");

      if (row.get(2).equals("-")) {
        assertThat(answer.status()).as(method).isIn(200, 404);
      } else {
        assertThat(answer.status()).as(method).isEqualTo(Integer.parseInt(row.get(2)));
      }
    }
  }

  private static Set<String> found(Pattern pattern) throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      StringBuilder code = new StringBuilder();
      for (Path file : files.toList()) {
        code.append(Files.readString(file));
      }
      return pattern
          .matcher(code)
          .results()
          .map((MatchResult match) -> match.group(1))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  @Test
  void everyParameterRead_isInTheTable() throws IOException {
    Set<String> read =
        found(Pattern.compile("query(?:\\(\\))?\\s*\\.(?:has|text)\\(\"(\\w+)\"\\)"));
    read.addAll(found(Pattern.compile("\"(seperator)\"")));

    assertThat(parameters().map(row -> row.get(0)).toList()).containsAll(read);
  }

  @Test
  void everyRoute_isInTheTable() throws IOException {
    List<String> listed = paths().map(row -> row.get(1)).toList();

    for (String route : found(Pattern.compile("\"(/v1/[a-z/]+)\""))) {
      assertThat(listed).anyMatch(path -> path.startsWith(route));
    }
  }
}
