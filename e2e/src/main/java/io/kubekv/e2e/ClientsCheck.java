package io.kubekv.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code e2e/run clients}: ordinary etcd v2 clients, each on etcd and on kubekv with the same
 * expected answers. A client is a program that takes the store's URL and prints {@code ok NAME} or
 * {@code not ok NAME} for each thing it tried; the commands that start them are the arguments, one
 * each.
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
    List<Path> programs = new ArrayList<>();
    while (arguments.option("--program").map(Path::of).map(programs::add).isPresent()) {
      // one --program for each client
    }
    // every run is the whole run: it takes a minute
    arguments.flag("--quick");
    arguments.end();
    ClientsCheck check = new ClientsCheck();
    try (StoreProcess etcd = StoreProcess.etcd();
        StoreProcess other = StoreProcess.named(candidate)) {
      for (Path program : programs) {
        int expected = check.use(program, etcd);
        int found = check.use(program, other);
        // a program that breaks off says nothing about the rest
        check.made += Math.max(expected - found, 0);
      }
    }
    return new Check.Verdict(
        check.passed + " of " + check.made + " checks",
        "all",
        check.passed == check.made && check.made > 0);
  }

  /**
   * Runs a program to its end and shows what was not ok; the answer is the number of checks that it
   * made.
   */
  private int use(Path program, StoreProcess store) throws IOException {
    String url = "http://" + StoreProcess.hostAndPort(store.address());
    Process process = new ProcessBuilder(program.toString(), url).redirectErrorStream(true).start();
    int before = made;
    int passedBefore = passed;
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        count(line, store);
      }
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroy();
    }
    Check.say(
        "%s on %s: %d of %d checks",
        program.getFileName(), store.name(), passed - passedBefore, made - before);
    return made - before;
  }

  private void count(String line, StoreProcess store) {
    if (line.startsWith("ok ")) {
      made++;
      passed++;
      return;
    }
    if (line.startsWith("not ok ")) {
      made++;
    }
    Check.say("%s: %s", store.name(), line);
  }
}
