package io.kubekv.e2e;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;

/**
 * {@code e2e/run consul-probes}: the same requests to real Consul and to kubekv's Consul door at
 * the same time, every answer compared. The differences that {@code data/consul/differences.txt}
 * lists with their reasons are expected, and are faults themselves when they are gone.
 */
final class ConsulProbesCheck {
  private final List<Probe> probes;
  private final Set<String> left;
  private final KnownDifferences known;
  private final boolean show;

  private ConsulProbesCheck(
      List<Probe> probes, Set<String> left, KnownDifferences known, boolean show) {
    this.probes = probes;
    this.left = left;
    this.known = known;
    this.show = show;
  }

  public static void main(String[] arguments) {
    Check.run("consul-probes", arguments, ConsulProbesCheck::run);
  }

  private static Check.Verdict run(Arguments arguments) throws IOException {
    boolean quick = arguments.flag("--quick");
    boolean show = arguments.flag("--show");
    String candidate = arguments.option("--candidate").orElse("kubekv");
    List<String> flags = flags(arguments);
    arguments.end();
    ConsulProbesCheck check = prepared(quick, show, candidate.equals("consul"));
    if (candidate.contains("://")) {
      return check.beside(Arguments.address("--candidate", candidate, 8500), candidate);
    }
    return check.beside(candidate, flags);
  }

  private static ConsulProbesCheck prepared(boolean quick, boolean show, boolean itself)
      throws IOException {
    Path data = Repository.root().resolve("e2e/data/consul");
    List<Probe> all = ProbeFile.read(data.resolve("probes.txt"));
    List<Probe> made = all.stream().filter(probe -> !(quick && probe.slow())).toList();
    Set<String> left =
        all.stream()
            .filter(probe -> !made.contains(probe))
            .map(Probe::id)
            .collect(Collectors.toSet());
    KnownDifferences known =
        itself ? KnownDifferences.none() : KnownDifferences.read(data.resolve("differences.txt"));
    return new ConsulProbesCheck(made, left, known, show);
  }

  private static List<String> flags(Arguments arguments) {
    List<String> flags = new ArrayList<>();
    Optional<String> flag = arguments.option("--flag");
    while (flag.isPresent()) {
      flags.add(flag.get());
      flag = arguments.option("--flag");
    }
    return flags;
  }

  private Check.Verdict beside(String candidate, List<String> flags) throws IOException {
    if (candidate.equals("consul")) {
      try (StoreProcess second = StoreProcess.consul()) {
        return beside(second.address(), "the second consul");
      }
    }
    if (!candidate.equals("kubekv")) {
      throw new IllegalArgumentException(
          "no candidate is called '" + candidate + "': consul, kubekv or a URL");
    }
    InetSocketAddress door = FreePorts.next();
    List<String> all = new ArrayList<>(flags);
    all.addAll(List.of("--consul-listen", StoreProcess.hostAndPort(door)));
    try (StoreProcess kubekv = StoreProcess.kubekv(all.toArray(String[]::new))) {
      return beside(door, "kubekv");
    }
  }

  private Check.Verdict beside(InetSocketAddress candidate, String name) throws IOException {
    SequencedMap<String, ProbeAnswer> reference;
    SequencedMap<String, ProbeAnswer> found;
    try (StoreProcess consul = StoreProcess.consul()) {
      FutureTask<SequencedMap<String, ProbeAnswer>> beside =
          new FutureTask<>(() -> ProbeRun.of(candidate, probes));
      Thread.ofVirtual().name("candidate").start(beside);
      reference = ProbeRun.of(consul.address(), probes);
      found = get(beside);
    }
    if (show) {
      reference.forEach((id, answer) -> Check.say("%s: %s", id, answer));
    }
    mustHaveAnswered(reference);
    return judge(reference, found, name);
  }

  private static SequencedMap<String, ProbeAnswer> get(
      FutureTask<SequencedMap<String, ProbeAnswer>> task) throws IOException {
    try {
      return task.get();
    } catch (ExecutionException e) {
      throw new IOException("the candidate could not be asked: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Two servers that are both silent would differ in nothing. */
  private void mustHaveAnswered(Map<String, ProbeAnswer> reference) throws IOException {
    for (Probe probe : probes) {
      ProbeAnswer answer = reference.get(probe.id());
      boolean none = answer == null || answer.status() == ProbeAnswer.NONE;
      if (none && probe.silent().isEmpty()) {
        throw new IOException("Consul itself did not answer " + probe.id() + ": " + answer);
      }
    }
  }

  private Check.Verdict judge(
      SequencedMap<String, ProbeAnswer> reference, Map<String, ProbeAnswer> found, String name) {
    List<ProbeDifference> differences = ProbeComparison.of(reference, found);
    List<ProbeDifference> unexpected =
        differences.stream().filter(difference -> !known.expects(difference)).toList();
    unexpected.forEach(difference -> print(difference, name));
    for (String reason : known.reasons()) {
      Check.say("%d expected because %s", known.count(reason, differences), reason);
    }
    Set<String> outdated = known.outdated(differences, left);
    outdated.forEach(
        entry -> Check.say("%s is listed as a known difference, and does not differ", entry));
    return new Check.Verdict(
        "%d of %d differ, %d expected"
            .formatted(
                differences.size(), reference.size(), differences.size() - unexpected.size()),
        "none unexpected",
        unexpected.isEmpty() && outdated.isEmpty());
  }

  private void print(ProbeDifference difference, String name) {
    String request =
        probes.stream()
            .filter(probe -> probe.id().equals(difference.id()))
            .map(probe -> ProbeAnswer.shortened(probe.request().toString()))
            .findFirst()
            .orElse("");
    Check.say(
        "%s differs in %s: %s",
        difference.id(), String.join(", ", difference.aspects().keySet()), request);
    Check.say("    consul: %s", difference.expected());
    Check.say("    %s: %s", name, difference.found());
    difference.aspects().values().stream()
        .filter(note -> !note.isEmpty())
        .forEach(note -> Check.say("    %s", note));
  }
}
