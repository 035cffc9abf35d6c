package io.kubekv.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.Revision;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The form of a file, which files of earlier versions have too. */
class ExportFileTest {
  private static final List<Item> ITEMS =
      List.of(
          Item.directory(Key.of("d")),
          Item.of(Key.of("d/a"), Bytes.utf8("text"))
              .withFlags(-1)
              .withExpiry(Duration.ofMinutes(1), Instant.parse("2026-11-24T22:00:00Z")),
          Item.of(Key.of("d/b"), Bytes.copyOf(new byte[] {0, -1})).withMetadata(Bytes.utf8("m")));

  @TempDir Path folder;

  private static String written() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ExportFile.Writer writer = new ExportFile.Writer(out, 0x5c0fL, new Revision(71));
    for (Item item : ITEMS) {
      writer.add(item);
    }
    assertThat(writer.finish().entries()).isEqualTo(ITEMS.size());
    return out.toString(StandardCharsets.UTF_8);
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("export.jsonl"), text);
  }

  @Test
  void form_staysAsItIs() throws IOException {
    assertThat(written().lines().toList())
        .startsWith(
            "{\"format\":\"kubekv-export\",\"version\":1,\"store\":\"5c0f\",\"revision\":71}",
            "{\"key\":\"d\",\"directory\":true}",
            "{\"key\":\"d/a\",\"value\":\"text\",\"flags\":18446744073709551615,"
                + "\"ttlMillis\":60000,\"expiresAt\":\"2026-11-24T22:00:00Z\"}",
            "{\"key\":\"d/b\",\"base64\":\"AP8=\",\"metadata\":\"bQ==\"}")
        .hasSize(5);
  }

  @Test
  void whatIsWritten_isRead() throws IOException {
    List<Item> read = new ArrayList<>();

    ExportFile.Summary summary = ExportFile.read(file(written()), read::add);

    assertThat(read).isEqualTo(ITEMS);
    assertThat(summary.entries()).isEqualTo(ITEMS.size());
  }

  @Test
  void fileThatEndsEarly_orWasChanged_isRefused() throws IOException {
    String whole = written();
    String shorter = whole.substring(0, whole.lastIndexOf("{\"entries\""));

    assertThatThrownBy(() -> ExportFile.check(file(shorter)))
        .isInstanceOf(ExportException.class)
        .hasMessageContaining("has no last line");
    assertThatThrownBy(() -> ExportFile.check(file(whole.replace("text", "next"))))
        .isInstanceOf(ExportException.class)
        .hasMessageContaining("is damaged");
    assertThatThrownBy(() -> ExportFile.check(file(whole + "{}\n")))
        .isInstanceOf(ExportException.class)
        .hasMessageContaining("is damaged");
  }

  @Test
  void otherFile_isRefused() {
    assertThatThrownBy(() -> ExportFile.check(file("{}\n")))
        .isInstanceOf(ExportException.class)
        .hasMessageContaining("is not an export");
    assertThatThrownBy(() -> ExportFile.check(file("no JSON\n")))
        .isInstanceOf(ExportException.class)
        .hasMessageContaining("line 1 is no JSON");
  }

  @ParameterizedTest
  @ValueSource(strings = {"744073709551615", "1e400", "\"one\"", "[1]", "{}", "null"})
  void versionThatIsNone_isRefused_andNamed(String version) {
    String head = "{\"format\":\"kubekv-export\",\"version\":" + version + "}\n";

    assertThatThrownBy(() -> ExportFile.check(file(head)))
        .isInstanceOf(ExportException.class)
        .hasMessageContaining("this program reads 1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"entries\":99999999999999999999,\"sha256\":\"x\"}",
        "{\"entries\":\"many\",\"sha256\":\"x\"}",
        "{\"entries\":{},\"sha256\":\"x\"}",
        "{\"entries\":0,\"sha256\":{}}",
        "{\"entries\":0,\"sha256\":[7]}",
        "{\"sha256\":null}"
      })
  void lastLineThatSaysSomethingElse_isRefused(String last) {
    String head = "{\"format\":\"kubekv-export\",\"version\":1}\n";

    assertThatThrownBy(() -> ExportFile.check(file(head + last + "\n")))
        .isInstanceOf(ExportException.class)
        .hasMessageContaining("is damaged");
  }
}
