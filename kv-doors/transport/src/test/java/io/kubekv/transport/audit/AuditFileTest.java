package io.kubekv.transport.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.transport.access.Audit;
import io.kubekv.transport.access.User;
import io.kubekv.transport.access.Verb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How large the audit log becomes, whatever is refused. */
class AuditFileTest {
  private static final User USER = new User("eve", List.of());
  private static final long LARGEST = 100_000;

  @TempDir Path folder;

  private void write(AuditFile audit, String what) {
    audit.write(USER, Verb.GET, what, Audit.Outcome.DENIED, Optional.empty());
  }

  @Test
  void files_areOfTheirSizeAtMost_fromTheFirstLineOn_andTenAreKept() throws IOException {
    Path file = folder.resolve("audit.log");
    try (AuditFile audit = AuditFile.open(file, InstantSource.system(), LARGEST)) {
      for (int i = 0; i < 2_000; i++) {
        write(audit, "/kv/test/" + "k".repeat(1_000) + i);
      }
    }

    try (Stream<Path> all = Files.list(folder)) {
      List<Path> files = all.toList();
      assertThat(files).hasSize(11);
      for (Path each : files) {
        assertThat(Files.size(each)).as(each.toString()).isLessThan(LARGEST + 2_000);
      }
    }
  }

  @Test
  void longPath_isCut_andSaysHowLongItWas() throws IOException {
    Path file = folder.resolve("audit.log");
    try (AuditFile audit = AuditFile.open(file, InstantSource.system())) {
      write(audit, "/kv/test/" + "\u0001".repeat(2 << 20));
      write(audit, "/kv/test/short");
    }

    List<String> lines = Files.readAllLines(file);
    assertThat(lines.get(0)).hasSizeLessThan(30_000);
    JsonNode cut = JsonMapper.shared().readTree(lines.get(0));
    assertThat(cut.get("path").stringValue()).startsWith("/kv/test/\u0001").endsWith("...");
    assertThat(cut.get("pathLength").intValue()).isEqualTo(9 + (2 << 20));
    assertThat(JsonMapper.shared().readTree(lines.get(1)).has("pathLength")).isFalse();
  }
}
