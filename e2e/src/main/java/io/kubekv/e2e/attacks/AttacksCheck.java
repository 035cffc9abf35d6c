package io.kubekv.e2e.attacks;

import io.kubekv.e2e.Arguments;
import io.kubekv.e2e.Check;
import io.kubekv.e2e.Finding;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * {@code e2e/run attacks}: what ends a server or hangs it, tried on one with the chart's heap and
 * limits that a well-behaved client uses at the same time.
 */
final class AttacksCheck {
  private AttacksCheck() {}

  public static void main(String[] words) {
    List<String> names = Stream.of(words).filter(word -> !word.startsWith("--")).toList();
    String[] options =
        Stream.of(words).filter(word -> word.startsWith("--")).toArray(String[]::new);
    Check.run("attacks", options, arguments -> run(arguments, chosen(names)));
  }

  private static List<Attack> chosen(List<String> names) {
    return names.isEmpty() ? Attacks.all() : names.stream().map(Attacks::named).toList();
  }

  private static Check.Verdict run(Arguments arguments, List<Attack> attacks) throws IOException {
    boolean quick = arguments.flag("--quick");
    boolean times = !arguments.flag("--answers-only");
    arguments.end();
    List<Boolean> held = Collections.synchronizedList(new ArrayList<>());
    try (Rig rig = new Rig(quick, times)) {
      attacks.stream().filter(Attack::needsQuiet).forEach(attack -> held.add(holds(attack, rig)));
      try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
        for (Attack attack : attacks) {
          if (!attack.needsQuiet()) {
            var unused = threads.submit(() -> held.add(holds(attack, rig)));
          }
        }
      }
    }
    long borne = held.stream().filter(each -> each).count();
    return new Check.Verdict(
        borne + " of " + attacks.size() + " attacks borne", "all", borne == attacks.size());
  }

  private static boolean holds(Attack attack, Rig rig) {
    long began = System.nanoTime();
    List<Finding> findings = new ArrayList<>();
    try {
      attack.examine(rig, findings::add);
    } catch (IOException | RuntimeException e) {
      findings.add(Finding.of("it could be examined", false, e.toString()));
    }
    boolean holds = !findings.isEmpty() && findings.stream().allMatch(Finding::holds);
    synchronized (AttacksCheck.class) {
      Check.say(
          "%s: %s: %s, %.1f s",
          attack.name(),
          attack.about(),
          holds ? "borne" : "NOT BORNE",
          (System.nanoTime() - began) / 1e9);
      findings.forEach(Finding::print);
    }
    if (!holds && attack.needsQuiet()) {
      rig.forget(); // or others would suffer from what this one left
    }
    return holds;
  }
}
