package io.kubekv.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The differences that there may be, and must be but where only the moment decides; {@code
 * data/consul/differences.txt} is such.
 */
final class KnownDifferences {
  private static final String BECAUSE = "because ";
  private static final String PERHAPS = "?";

  /**
   * One aspect of one probe.
   *
   * @param probe its id; one that ends in * stands for all that begin so
   * @param always whether it must differ: what happens meanwhile does not decide it
   */
  private record Entry(String reason, String probe, String aspect, boolean always) {
    boolean covers(String id) {
      return probe.endsWith("*")
          ? id.startsWith(probe.substring(0, probe.length() - 1))
          : id.equals(probe);
    }

    boolean explains(ProbeDifference difference) {
      return covers(difference.id()) && difference.aspects().containsKey(aspect);
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
    String reason = "";
    for (String line : lines) {
      if (line.startsWith(BECAUSE)) {
        reason = line.substring(BECAUSE.length());
      } else if (!line.isBlank() && !line.startsWith("#")) {
        String[] words = line.strip().split(" +");
        if (reason.isEmpty() || words.length < 2) {
          throw new IllegalArgumentException(
              "a known difference is a probe and its aspects, below a reason: " + line);
        }
        boolean always = !words[0].endsWith(PERHAPS);
        String probe = always ? words[0] : words[0].substring(0, words[0].length() - 1);
        for (String aspect : List.of(words).subList(1, words.length)) {
          known.entries.add(new Entry(reason, probe, aspect, always));
        }
      }
    }
    return known;
  }

  /** Why there may be differences; COMPATIBILITY.md says the same. */
  Set<String> reasons() {
    return entries.stream().map(Entry::reason).collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** How many probes differ for a reason, in that alone or among others. */
  long count(String reason, List<ProbeDifference> differences) {
    return differences.stream()
        .filter(
            found ->
                entries.stream()
                    .anyMatch(entry -> entry.reason().equals(reason) && entry.explains(found)))
        .count();
  }

  /** Whether it differs in nothing that is not listed. */
  boolean expects(ProbeDifference difference) {
    return difference.aspects().keySet().stream()
        .allMatch(aspect -> expects(difference.id(), aspect));
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
      if (entry.always()
          && differences.stream().noneMatch(entry::explains)
          && left.stream().noneMatch(entry::covers)) {
        outdated.add(entry.probe() + " " + entry.aspect());
      }
    }
    return outdated;
  }
}
