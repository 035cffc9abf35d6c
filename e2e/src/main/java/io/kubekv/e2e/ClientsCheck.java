package io.kubekv.e2e;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * {@code e2e/run clients}: ordinary etcd v2 clients, each on etcd and on kubekv at the same time,
 * with the same expected answers. A client is a program that takes the store's URL and prints
 * {@code ok NAME} or {@code not ok NAME} for each thing it tried; the programs are the arguments.
 */
final class ClientsCheck {
  private int passed;
  private int made;

  private ClientsCheck() {}

  public static void main(String[] arguments) {
    Check.run("clients", arguments, ClientsCheck::run);
  }

  private static Check.Verdict run(Arguments arguments) throws IOException {
    String candidate = arguments.option("--candidate").orElse("kubekv");
    List<Path> programs = programs(arguments);
    // a run is the same with and without it: a minute
    arguments.flag("--quick");
    arguments.end();
    ClientsCheck check = new ClientsCheck();
    try (StoreProcess etcd = StoreProcess.etcd();
        StoreProcess other = StoreProcess.named(candidate)) {
      for (Path program : programs) {
        check.use(program, etcd, other);
      }
    }
    boolean all = check.passed == check.made && check.made > 0;
    return new Check.Verdict(check.passed + " of " + check.made + " checks", "all", all);
  }

  private static List<Path> programs(Arguments arguments) {
    List<Path> programs = new ArrayList<>();
    Optional<String> program = arguments.option("--program");
    while (program.isPresent()) {
      programs.add(Path.of(program.get()));
      program = arguments.option("--program");
    }
    return programs;
  }

  private void use(Path program, StoreProcess etcd, StoreProcess candidate) throws IOException {
    FutureTask<ClientRun> beside = inBackground(() -> ClientRun.of(program, etcd));
    ClientRun found = ClientRun.of(program, candidate);
    ClientRun expected = get(beside);
    print(program, etcd, expected);
    print(program, candidate, found);
    passed += expected.passed() + found.passed();
    // a program that breaks off says nothing about the rest
    made += expected.made() + Math.max(found.made(), expected.made());
  }

  private static FutureTask<ClientRun> inBackground(Callable<ClientRun> run) {
    FutureTask<ClientRun> task = new FutureTask<>(run);
    Thread.ofVirtual().name("client").start(task);
    return task;
  }

  private static ClientRun get(FutureTask<ClientRun> task) throws IOException {
    try {
      return task.get();
    } catch (ExecutionException e) {
      throw new IOException("a client could not be run: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static void print(Path program, StoreProcess store, ClientRun run) {
    Check.say(
        "%s on %s: %d of %d checks", program.getFileName(), store.name(), run.passed(), run.made());
    run.complaints().forEach(line -> Check.say("  %s", line));
  }
}
