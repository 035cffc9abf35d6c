package io.kubekv.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.Await;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.UnauthenticatedException;
import io.kubekv.client.KubekvClient;
import io.kubekv.contract.TestCertificates;
import io.kubekv.transport.tls.TlsFiles;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** METRICS.md beside what a server that has everything says, and what the chart makes of it. */
class MetricsTableTest {
  private static final Path TABLE = Path.of("METRICS.md");
  private static final Path CHART = Path.of("..", "helm", "kubekv");
  private static final Pattern ROW =
      Pattern.compile("^\\| `(kubekv_\\w+)` \\| (\\w+) \\|(.*?)\\| ", Pattern.MULTILINE);
  private static final Pattern TYPE =
      Pattern.compile("^# TYPE (kubekv_\\w+) (\\w+)", Pattern.MULTILINE);
  private static final Pattern LABEL = Pattern.compile("`(\\w+)`");

  private static final Pattern NAME = Pattern.compile("\\bkubekv_[a-z_]+");

  @TempDir static Path folder;

  private static KvServer server;
  private static String page;

  @BeforeAll
  static void start() throws Exception {
    TestCertificates own = TestCertificates.make(folder, "server", "ip:127.0.0.1");
    Path rbac = Files.writeString(folder.resolve("rbac.yaml"), "");
    server = KvServer.start(config(own, rbac));
    try (KubekvClient client =
        KubekvClient.to(server.grpcTarget().orElseThrow()).trust(own.certificate()).connect()) {
      assertThatThrownBy(() -> Await.read(client.store().get(Key.of("a"), Freshness.LINEARIZABLE)))
          .isInstanceOf(UnauthenticatedException.class);
    }
    try (HttpClient http = HttpClient.newHttpClient()) {
      URI metrics = URI.create(server.opsUrl().orElseThrow() + "/metrics");
      page = http.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString()).body();
    }
  }

  private static ServerConfig config(TestCertificates own, Path rbac) {
    return ConfigUnderTest.embedded(folder.resolve("data"))
        .tls(new TlsFiles(own.certificate(), own.key(), Optional.empty(), false, Optional.empty()))
        .access(
            Optional.of(
                new AccessConfig(
                    AccessConfig.Mode.RBAC,
                    Optional.of(rbac),
                    Duration.ofSeconds(10),
                    false,
                    List.of(),
                    Optional.empty(),
                    AccessConfig.CertificateField.subject,
                    false,
                    Optional.of(folder.resolve("audit.log")))))
        .config();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Map<String, String> documented() throws IOException {
    Map<String, String> rows = new TreeMap<>();
    ROW.matcher(Files.readString(TABLE))
        .results()
        .forEach(row -> rows.put(row.group(1), row.group(2)));
    return rows;
  }

  private static Set<String> labels(String name) {
    Set<String> labels = new TreeSet<>();
    Matcher series =
        Pattern.compile("^" + name + "(?:_count|_bucket)?\\{([^}]*)}", Pattern.MULTILINE)
            .matcher(page);
    while (series.find()) {
      for (MatchResult label :
          Pattern.compile("(\\w+)=\"").matcher(series.group(1)).results().toList()) {
        labels.add(label.group(1));
      }
    }
    labels.remove("le");
    return labels;
  }

  @Test
  void table_namesWhatAServerSays_andItsTypes() throws IOException {
    Map<String, String> said = new TreeMap<>();
    TYPE.matcher(page).results().forEach(type -> said.put(type.group(1), type.group(2)));
    said.keySet()
        .removeIf(
            name -> said.containsKey(name.replaceFirst("_max$", "")) && name.endsWith("_max"));

    assertThat(said).isEqualTo(documented());
  }

  @Test
  void table_namesTheLabels() throws IOException {
    for (MatchResult row : ROW.matcher(Files.readString(TABLE)).results().toList()) {
      Set<String> listed = new TreeSet<>();
      LABEL.matcher(row.group(3)).results().forEach(label -> listed.add(label.group(1)));

      assertThat(labels(row.group(1))).as(row.group(1)).isEqualTo(listed);
    }
  }

  @Test
  void chart_usesOnlyWhatTheTableHas() throws IOException {
    Map<String, String> table = documented();
    for (String file : List.of("alerts.yaml", "dashboard.json")) {
      for (MatchResult used :
          NAME.matcher(Files.readString(CHART.resolve(file))).results().toList()) {
        String name = used.group();
        String family = name.replaceFirst("_(bucket|count|sum|max)$", "");

        assertThat(table.containsKey(name) || table.containsKey(family))
            .as("%s in %s is in METRICS.md", name, file)
            .isTrue();
      }
    }
  }

  @Test
  void runbook_hasAnEntryForEachAlert_andNoOther() throws IOException {
    assertThat(found("- alert: (\\w+)", CHART.resolve("alerts.yaml")))
        .isNotEmpty()
        .isEqualTo(found("(?m)^## (Kubekv\\w+)", CHART.resolveSibling("RUNBOOK.md")));
    assertThat(found("runbook_url: \\{\\{ \\$runbook }}#(\\w+)", CHART.resolve("alerts.yaml")))
        .isEqualTo(
            found("- alert: (\\w+)", CHART.resolve("alerts.yaml")).stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .sorted()
                .toList());
  }

  @Test
  void runbook_saysOfEachAlertWhatIsSeenAndWhatToDo() throws IOException {
    String book = Files.readString(CHART.resolveSibling("RUNBOOK.md"));
    for (String entry : Pattern.compile("(?m)^## ").splitAsStream(book).toList()) {
      if (entry.startsWith("Kubekv")) {
        assertThat(entry)
            .contains("* **Seen**:", "* **Numbers**:", "* **Comes from**:", "* **Do**:");
      }
    }
  }

  private static List<String> found(String pattern, Path file) throws IOException {
    return Pattern.compile(pattern)
        .matcher(Files.readString(file))
        .results()
        .map(each -> each.group(1))
        .sorted()
        .toList();
  }
}
