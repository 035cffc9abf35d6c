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
 * {@code e2e/run clients}: ordinary clients of etcd v2 and of Consul, each on the real server and
 * on kubekv at the same time, with the same expected answers. A client is a program that takes the
 * store's URL and prints {@code ok NAME} or {@code not ok NAME} for each thing it tried; the
 * programs are the arguments.
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
    Map<ClientProtocol, List<Path>> programs = new EnumMap<>(ClientProtocol.class);
    for (ClientProtocol protocol : ClientProtocol.values()) {
      programs.put(protocol, programs(arguments, protocol.option()));
    }
    // a run is the same with and without it
    arguments.flag("--quick");
    arguments.end();
    programs.keySet().retainAll(ClientProtocol.spokenBy(candidate));
    programs.values().removeIf(List::isEmpty);
    ClientsCheck check = new ClientsCheck();
    for (Map.Entry<ClientProtocol, List<Path>> each : programs.entrySet()) {
      check.use(each.getValue(), each.getKey(), candidate);
    }
    boolean all = check.passed == check.made && check.made > 0;
    return new Check.Verdict(check.passed + " of " + check.made + " checks", "all", all);
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

  private void use(List<Path> programs, ClientProtocol protocol, String candidate)
      throws IOException {
    try (ClientStore reference = protocol.open(protocol.reference());
        ClientStore other = protocol.open(candidate)) {
      for (Path program : programs) {
        use(program, reference, other);
      }
    }
  }

  private void use(Path program, ClientStore reference, ClientStore candidate) throws IOException {
    FutureTask<ClientRun> beside = inBackground(() -> ClientRun.of(program, reference.url()));
    ClientRun found = ClientRun.of(program, candidate.url());
    ClientRun expected = get(beside);
    print(program, reference, expected);
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

  private static void print(Path program, ClientStore store, ClientRun run) {
    Check.say(
        "%s on %s: %d of %d checks", program.getFileName(), store.name(), run.passed(), run.made());
    run.complaints().forEach(line -> Check.say("  %s", line));
  }
}
