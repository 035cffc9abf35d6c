package io.kubekv.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The chart brings the types and the rights that the product has, and no others. */
class ChartTypesTest {
  private static final Path CHART = Path.of("../helm/kubekv").toAbsolutePath().normalize();
  private static final Path PRODUCT =
      Path.of("../kv-k8s-backend/src/main/resources/io/kubekv/k8s").toAbsolutePath().normalize();

  @Test
  void crds_areTheTypesOfTheProduct() throws IOException {
    assertThat(definitions(CHART.resolve("crds"))).isEqualTo(definitions(PRODUCT));
  }

  @Test
  void role_isThatOfTheProduct() throws IOException {
    List<String> chart = rules(CHART.resolve("templates/role.yaml"));

    assertThat(chart).hasSizeGreaterThan(10).isEqualTo(rules(PRODUCT.resolve("api/role.yaml")));
  }

  /** File names and contents. */
  private static Map<String, String> definitions(Path folder) throws IOException {
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".yaml")).toList()) {
        String content = Files.readString(file);
        if (content.contains("kind: CustomResourceDefinition")) {
          found.put(file.getFileName().toString(), content);
        }
      }
    }
    assertThat(found).as("types in %s", folder).isNotEmpty();
    return found;
  }

  /** The first list of rules, without comments. */
  private static List<String> rules(Path role) throws IOException {
    return Files.readAllLines(role).stream()
        .dropWhile(line -> !line.equals("rules:"))
        .takeWhile(line -> !line.equals("---"))
        .filter(line -> !line.strip().startsWith("#"))
        .toList();
  }
}
