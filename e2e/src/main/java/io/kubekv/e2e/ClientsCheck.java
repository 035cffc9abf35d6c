package io.kubekv.e2e;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * {@code e2e/run clients}: ordinary clients of etcd v2, of etcd v3, of Consul and of ZooKeeper,
 * each on the real server and on kubekv at the same time, with the same expected answers, and all
 * protocols at the same time. A client is a program that takes the store's URL and name and prints
 * {@code ok NAME}, {@code not ok NAME} or, where kubekv is known to answer otherwise and did so,
 * {@code differs NAME: REASON} for each thing it tried; the programs are the arguments. On an etcd
 * v3 the members of three kubekv are tried, too.
 */
final class ClientsCheck {
  /** How many checks were made, and how many of them passed. */
  private record Tally(int made, int passed) {
    Tally plus(Tally other) {
      return new Tally(made + other.made, passed + other.passed);
    }
  }

  private ClientsCheck() {}

  public static void main(String[] arguments) {
    Check.run("clients", arguments, ClientsCheck::run);
  }

  private static Check.Verdict run(Arguments arguments) throws IOException {
    String candidate = arguments.option("--candidate").orElse("kubekv");
    Map<ClientProtocol, List<Path>> programs = new EnumMap<>(ClientProtocol.class);
    for (ClientProtocol protocol : ClientProtocol.values()) {
      programs.put(protocol, programs(arguments, protocol.option()));
    }
    // a run is the same with and without it
    arguments.flag("--quick");
    arguments.end();
    programs.keySet().retainAll(ClientProtocol.spokenBy(candidate));
    programs.values().removeIf(List::isEmpty);
    List<FutureTask<Tally>> uses =
        programs.entrySet().stream()
            .map(each -> inBackground(() -> use(each.getValue(), each.getKey(), candidate)))
            .toList();
    Tally all = new Tally(0, 0);
    for (FutureTask<Tally> use : uses) {
      all = all.plus(get(use));
    }
    Optional<String> etcd = StoreProcess.etcdBeneath();
    if (etcd.isPresent() && candidate.equals("kubekv")) {
      ClientRun run = MembersOnEtcd.run(etcd.get());
      Check.say("members of three kubekv on etcd: %d of %d checks", run.passed(), run.made());
      run.complaints().forEach(line -> Check.say("  %s", line));
      all = all.plus(new Tally(run.made(), run.passed()));
    }
    boolean holds = all.passed == all.made && all.made > 0;
    return new Check.Verdict(all.passed + " of " + all.made + " checks", "all", holds);
  }

  private static List<Path> programs(Arguments arguments, String option) {
    List<Path> programs = new ArrayList<>();
    Optional<String> program = arguments.option(option);
    while (program.isPresent()) {
      programs.add(Path.of(program.get()));
      program = arguments.option(option);
    }
    return programs;
  }

  private static Tally use(List<Path> programs, ClientProtocol protocol, String candidate)
      throws IOException {
    Tally all = new Tally(0, 0);
    try (ClientStore reference = protocol.open(protocol.reference());
        ClientStore other = protocol.open(candidate)) {
      for (Path program : programs) {
        all = all.plus(use(program, reference, other));
      }
    }
    return all;
  }

  private static Tally use(Path program, ClientStore reference, ClientStore candidate)
      throws IOException {
    FutureTask<ClientRun> beside = inBackground(() -> ClientRun.of(program, reference));
    ClientRun found = ClientRun.of(program, candidate);
    ClientRun expected = get(beside);
    print(program, reference, expected);
    print(program, candidate, found);
    // a program that breaks off says nothing about the rest
    int made = expected.made() + Math.max(found.made(), expected.made());
    return new Tally(made, expected.passed() + found.passed());
  }

  private static <T> FutureTask<T> inBackground(Callable<T> run) {
    FutureTask<T> task = new FutureTask<>(run);
    Thread.ofVirtual().name("client").start(task);
    return task;
  }

  private static <T> T get(FutureTask<T> task) throws IOException {
    try {
      return task.get();
    } catch (ExecutionException e) {
      throw new IOException("a client could not be run: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static synchronized void print(Path program, ClientStore store, ClientRun run) {
    Check.say(
        "%s on %s: %d of %d checks", program.getFileName(), store.name(), run.passed(), run.made());
    run.differences().forEach(line -> Check.say("  %s", line));
    run.complaints().forEach(line -> Check.say("  %s", line));
  }
}
