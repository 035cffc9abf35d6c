package io.kubekv.e2e.page;

import io.kubekv.e2e.Arguments;
import io.kubekv.e2e.Check;
import io.kubekv.e2e.Finding;
import io.kubekv.e2e.ReplicaSet;
import io.kubekv.e2e.Repository;
import io.kubekv.e2e.StoreProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * {@code e2e/run page}: the page of a running kubekv in a real browser, screen by screen; pictures
 * are in {@code e2e/target/page}. The long form looks at a follower of three replicas, too.
 */
final class PageCheck {
  /** As many as there are to be at least. */
  private static final int TESTS = 20;

  private static final int LEASE_SECONDS = 6;

  private PageCheck() {}

  public static void main(String[] arguments) {
    Check.run("page", arguments, PageCheck::run);
  }

  private static Check.Verdict run(Arguments arguments) throws IOException {
    boolean quick = arguments.flag("--quick");
    Findings findings = new Findings(!arguments.flag("--answers-only") && !quick);
    arguments.end();
    Path shots = Repository.root().resolve("e2e/target/page");
    try (StoreProcess store = StoreProcess.embedded("--ui-writes")) {
      all("an embedded store", store, shots, findings);
    }
    try (Browser browser = new Browser(true, shots)) {
      new Rights(browser, findings).run();
    }
    if (!quick) {
      follower(shots.resolve("replicas"), findings);
    }
    long failures = findings.failures();
    return new Check.Verdict(
        findings.size() + " findings, " + failures + " fall short", "0", failures == 0);
  }

  /** One of three that does not lead: what it is told to write, the leader writes. */
  private static void follower(Path shots, Findings findings) throws IOException {
    try (ReplicaSet set = ReplicaSet.start(3, LEASE_SECONDS, "--ui-writes")) {
      StoreProcess leader = set.holder(set.replicas()).orElseThrow();
      StoreProcess follower =
          set.replicas().stream().filter(each -> each != leader).findFirst().orElseThrow();
      all("a follower of three replicas", follower, shots, findings);
    }
  }

  /** The tests in a browser, at the page of one process. */
  private static void all(String where, StoreProcess process, Path shots, Findings findings)
      throws IOException {
    Check.say("at " + where);
    int before = findings.size();
    announced(process, findings);
    look(process, shots, findings);
    int tests = findings.size() - before;
    findings.add(Finding.of("tests at " + where, tests >= TESTS, tests + ", of " + TESTS));
  }

  private static void announced(StoreProcess store, Findings findings) throws IOException {
    String line = "page      http://" + StoreProcess.hostAndPort(store.operations()) + "/ui/";
    String said = Files.readString(store.log());
    findings.add(Finding.of("kubekv serve says where its page is", said.contains(line), line));
  }

  private static void look(StoreProcess store, Path shots, Findings findings) throws IOException {
    Path axe = Path.of(System.getenv("E2E_AXE"));
    try (Browser browser = new Browser(true, shots);
        World world = World.of(store, browser, findings)) {
      new Reading(world).run();
      new DockerHosts(world).run();
      new Writing(world).run();
      new Moving(world).run();
      new Live(world).run();
      new Looks(world, axe).run();
    }
    try (Browser browser = new Browser(false, shots);
        World world = World.of(store, browser, findings)) {
      new Plain(world).run();
    }
  }
}
