package io.kubekv.e2e.manners;

import io.kubekv.e2e.Arguments;
import io.kubekv.e2e.Check;
import io.kubekv.e2e.Finding;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * {@code e2e/run manners}: what kubekv asks of its API server for each operation of a client, and
 * how it behaves when the API throttles, refuses, is slow, goes away or goes back in time. All of
 * its calls pass a proxy that counts them.
 */
final class MannersCheck {
  private MannersCheck() {}

  public static void main(String[] arguments) {
    Check.run("manners", arguments, MannersCheck::run);
  }

  private static Check.Verdict run(Arguments arguments) throws IOException {
    boolean quick = arguments.flag("--quick");
    Optional<String> only = arguments.option("--only");
    arguments.end();
    Map<String, Manner> manners = manners(quick);
    only.ifPresent(name -> keepOnly(manners, name));
    List<Finding> findings = new ArrayList<>();
    Consumer<Finding> record =
        finding -> {
          findings.add(finding);
          finding.print();
        };
    try (Scene scene = Scene.open()) {
      for (Map.Entry<String, Manner> manner : manners.entrySet()) {
        Check.say("%s", manner.getKey());
        manner.getValue().examine(scene, record);
      }
    }
    long failures = findings.stream().filter(finding -> !finding.holds()).count();
    return new Check.Verdict(
        findings.size() + " findings, " + failures + " fall short", "0", failures == 0);
  }

  private static Map<String, Manner> manners(boolean quick) {
    Map<String, Manner> manners = new LinkedHashMap<>();
    manners.put("costs", new OperationCosts(Duration.ofSeconds(quick ? 15 : 120)));
    manners.put("deletions", new Deletions());
    manners.put("throttled", new Throttled(Duration.ofSeconds(quick ? 8 : 60)));
    manners.put("quota", new FullNamespace());
    manners.put("slow", new SlowApi());
    manners.put("outage", new Outage(quick ? Duration.ofSeconds(15) : Duration.ofMinutes(10)));
    if (!quick) {
      manners.put("keys", new ManyKeys(100_000));
    }
    manners.put("restored", new RestoredApi());
    return manners;
  }

  private static void keepOnly(Map<String, Manner> manners, String name) {
    if (!manners.containsKey(name)) {
      throw new IllegalArgumentException("--only takes one of " + manners.keySet());
    }
    manners.keySet().retainAll(List.of(name));
  }
}
