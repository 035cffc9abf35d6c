package io.kubekv.benchmarks.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The sentences that people wrote for the report, once for both of its forms: a file with sections
 * called {@code [name]}, whose paragraphs have an empty line between them.
 */
final class Prose {
  private Prose() {}

  /** The paragraphs of each section. */
  static Map<String, List<String>> read() throws IOException {
    try (InputStream file = Prose.class.getResourceAsStream("prose.txt")) {
      if (file == null) {
        throw new IOException("prose.txt is not on the class path beside " + Prose.class.getName());
      }
      return sections(new String(file.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private static Map<String, List<String>> sections(String text) {
    Map<String, List<String>> sections = new LinkedHashMap<>();
    List<String> current = new ArrayList<>();
    for (String block : text.strip().split("\n\\s*\n")) {
      String paragraph = block.strip();
      if (paragraph.startsWith("[") && paragraph.endsWith("]")) {
        current = new ArrayList<>();
        sections.put(paragraph.substring(1, paragraph.length() - 1), current);
      } else {
        current.add(paragraph);
      }
    }
    return sections;
  }
}
