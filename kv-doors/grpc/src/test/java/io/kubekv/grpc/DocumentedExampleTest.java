package io.kubekv.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Freshness;
import io.kubekv.Key;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The Java example of the documents compiles and does what it says. */
class DocumentedExampleTest {
  private static final String FENCE = "```";

  @Test
  void page_hasTheExample() throws IOException {
    String page = Files.readString(Path.of("..", "..", "docs", "java.md"));
    String source =
        Files.readString(Path.of("src/test/java/io/kubekv/grpc/DocumentedExample.java"));
    int begin = page.indexOf(FENCE + "java\n") + FENCE.length() + "java\n".length();
    String block = page.substring(begin, page.indexOf(FENCE, begin));
    assertThat(block).contains("KubekvClient");
    assertThat(unindented(source)).contains(unindented(block));
  }

  private static String unindented(String text) {
    return text.lines().map(String::strip).collect(Collectors.joining("\n"));
  }

  @Test
  void example_runs() throws Exception {
    try (ClientRig rig = new ClientRig()) {
      DocumentedExample.run(rig.target());
      assertThat(value(rig, "app/greeting")).contains(Bytes.utf8("hello again"));
      assertThat(value(rig, "app/guarded")).contains(Bytes.utf8("mine"));
    }
  }

  private static Optional<Bytes> value(ClientRig rig, String key) {
    return Await.read(rig.store().get(Key.of(key), Freshness.LINEARIZABLE))
        .entry()
        .map(entry -> entry.value());
  }
}
