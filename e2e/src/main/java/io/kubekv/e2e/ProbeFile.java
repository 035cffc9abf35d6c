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
  private int headNumber;
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
      String line = lines.get(number - 1);
      if (line.startsWith(INDENT)) {
        file.detail(line.strip());
      } else if (!line.isBlank() && !line.startsWith("#")) {
        file.finish();
        file.head = line;
        file.headNumber = number;
      }
    }
    file.finish();
    return List.copyOf(file.probes);
  }

  private void detail(String text) {
    String[] parts = text.split(" ", 2);
    details
        .computeIfAbsent(parts[0], name -> new ArrayList<>())
        .add(parts.length == 2 ? parts[1] : "");
  }

  private void finish() {
    try {
      if (!head.isEmpty()) {
        probes.add(probe());
      } else if (!details.isEmpty()) {
        throw new IllegalArgumentException("no request stands above " + details.keySet());
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "line " + headNumber + " of the probes: " + e.getMessage(), e);
    }
    head = "";
    details = new HashMap<>();
  }

  private Probe probe() {
    String[] parts = head.split(" ", 2);
    if (parts.length < 2) {
      throw new IllegalArgumentException("not ID METHOD TARGET: " + head);
    }
    if (!ids.add(parts[0])) {
      throw new IllegalArgumentException("there are two probes " + parts[0]);
    }
    return new Probe(parts[0], ProbeRequest.of(parts[1]), details);
  }
}
