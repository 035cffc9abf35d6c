package io.kubekv.e2e.zookeeper;

import io.kubekv.e2e.Arguments;
import io.kubekv.e2e.Check;
import io.kubekv.e2e.Finding;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * {@code e2e/run zookeeper-sessions}: what 10,000 sessions of ZooKeeper's protocol cost that do
 * nothing but live, and that another replica keeps them when theirs is killed; and what becomes of
 * 10,000 connections that never say who they are.
 */
final class ZooKeeperSessionsCheck {
  private static final int MANY = 10_000;
  private static final int FEW = 500;
  private static final SessionsScenario.Form LONG =
      new SessionsScenario.Form(
          Duration.ofSeconds(30), Duration.ofSeconds(20), Duration.ofSeconds(40), 6);
  private static final SessionsScenario.Form QUICK =
      new SessionsScenario.Form(
          Duration.ofSeconds(9), Duration.ofSeconds(3), Duration.ofSeconds(6), 2);

  private ZooKeeperSessionsCheck() {}

  public static void main(String[] arguments) {
    Check.run("zookeeper-sessions", arguments, ZooKeeperSessionsCheck::run);
  }

  private static Check.Verdict run(Arguments arguments) throws IOException {
    boolean quick = arguments.flag("--quick");
    int count = arguments.count("--count", quick ? FEW : MANY);
    arguments.end();
    List<Finding> findings = new ArrayList<>();
    // beside each other where the time counts, and not the processor
    try (ExecutorService threads = Executors.newFixedThreadPool(quick ? 2 : 1)) {
      Future<List<Finding>> sessions =
          threads.submit(() -> SessionsScenario.run(count, quick ? QUICK : LONG).judged());
      Future<List<Finding>> idle = threads.submit(() -> IdleScenario.run(count).judged());
      findings.addAll(await(sessions));
      findings.addAll(await(idle));
    }
    findings.forEach(Finding::print);
    long held = findings.stream().filter(Finding::holds).count();
    return new Check.Verdict(
        "%,d sessions and %,d idle connections, %d of %d findings as they should be"
            .formatted(count, count, held, findings.size()),
        "all",
        held == findings.size());
  }

  private static List<Finding> await(Future<List<Finding>> part) throws IOException {
    try {
      return part.get();
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof IOException why ? why : new IOException(failed);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", stopped);
    }
  }
}
