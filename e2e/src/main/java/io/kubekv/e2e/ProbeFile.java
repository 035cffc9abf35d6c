package io.kubekv.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads a file of probes; {@code data/consul/probes.txt} says at its top how one is written. */
final class ProbeFile {
  private static final String INDENT = "    ";

  private final List<Probe> probes = new ArrayList<>();
  private final Set<String> ids = new HashSet<>();
  private String head = "";
  private Map<String, List<String>> details = new HashMap<>();

  private ProbeFile() {}

  /**
   * @throws IllegalArgumentException if it holds no probes, or something else
   */
  static List<Probe> read(Path file) throws IOException {
    // a char for each byte: what is sent is what the file holds
    return parse(Files.readAllLines(file, ISO_8859_1));
  }

  static List<Probe> parse(List<String> lines) {
    ProbeFile file = new ProbeFile();
    for (int number = 1; number <= lines.size(); number++) {
      try {
        file.line(lines.get(number - 1));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "at or before line " + number + " of the probes: " + e.getMessage(), e);
      }
    }
    file.finish();
    return List.copyOf(file.probes);
  }

  private void line(String line) {
    if (line.startsWith(INDENT)) {
      if (head.isEmpty()) {
        throw new IllegalArgumentException("no request stands above" + line);
      }
      String[] parts = line.strip().split(" ", 2);
      details
          .computeIfAbsent(parts[0], name -> new ArrayList<>())
          .add(parts.length == 2 ? parts[1] : "");
    } else if (!line.isBlank() && !line.startsWith("#")) {
      finish();
      head = line;
    }
  }

  private void finish() {
    if (head.isEmpty()) {
      return;
    }
    String[] parts = head.split(" ", 2);
    if (parts.length < 2) {
      throw new IllegalArgumentException("not ID METHOD TARGET: " + head);
    }
    if (!ids.add(parts[0])) {
      throw new IllegalArgumentException("there are two probes " + parts[0]);
    }
    probes.add(new Probe(parts[0], ProbeRequest.of(parts[1]), details));
    head = "";
    details = new HashMap<>();
  }
}
