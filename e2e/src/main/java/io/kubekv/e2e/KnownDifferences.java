package io.kubekv.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The differences that there may be, and must be; {@code data/consul/differences.txt} is such. */
final class KnownDifferences {
  private static final String BECAUSE = "because ";

  /**
   * One aspect of one probe.
   *
   * @param probe its id; one that ends in * stands for all that begin so
   */
  private record Entry(String probe, String aspect) {
    boolean covers(String id) {
      return probe.endsWith("*")
          ? id.startsWith(probe.substring(0, probe.length() - 1))
          : id.equals(probe);
    }
  }

  private final List<Entry> entries = new ArrayList<>();

  private KnownDifferences() {}

  static KnownDifferences none() {
    return new KnownDifferences();
  }

  static KnownDifferences read(Path file) throws IOException {
    return parse(Files.readAllLines(file));
  }

  /**
   * @throws IllegalArgumentException if an entry has no reason above it, or no aspect
   */
  static KnownDifferences parse(List<String> lines) {
    KnownDifferences known = new KnownDifferences();
    boolean reason = false;
    for (String line : lines) {
      if (line.startsWith(BECAUSE)) {
        reason = true;
      } else if (!line.isBlank() && !line.startsWith("#")) {
        String[] words = line.strip().split(" +");
        if (!reason || words.length < 2) {
          throw new IllegalArgumentException(
              "a known difference is a probe and its aspects, below a reason: " + line);
        }
        Arrays.stream(words)
            .skip(1)
            .forEach(aspect -> known.entries.add(new Entry(words[0], aspect)));
      }
    }
    return known;
  }

  /** Whether it differs in nothing that is not listed. */
  boolean expects(ProbeDifference difference) {
    return difference.aspects().stream().allMatch(aspect -> expects(difference.id(), aspect));
  }

  private boolean expects(String probe, String aspect) {
    return entries.stream().anyMatch(entry -> entry.covers(probe) && entry.aspect().equals(aspect));
  }

  /**
   * The entries that no longer hold: none of the probes that were made differs so.
   *
   * @param left out of this run, of which nothing is known
   */
  Set<String> outdated(List<ProbeDifference> differences, Set<String> left) {
    Set<String> outdated = new LinkedHashSet<>();
    for (Entry entry : entries) {
      boolean holds =
          differences.stream()
              .anyMatch(
                  found -> entry.covers(found.id()) && found.aspects().contains(entry.aspect()));
      if (!holds && left.stream().noneMatch(entry::covers)) {
        outdated.add(entry.probe() + " " + entry.aspect());
      }
    }
    return outdated;
  }
}
