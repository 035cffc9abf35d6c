package io.kubekv.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One client's program on one store, run to its end.
 *
 * @param made how many things it tried
 * @param passed how many of them were answered as expected
 * @param complaints what it said besides {@code ok}
 */
record ClientRun(int made, int passed, List<String> complaints) {
  private static final String OK = "ok ";
  private static final String NOT_OK = "not ok ";

  ClientRun {
    complaints = List.copyOf(complaints);
  }

  static ClientRun of(Path program, StoreProcess store) throws IOException {
    String url = "http://" + StoreProcess.hostAndPort(store.address());
    Process process = new ProcessBuilder(program.toString(), url).redirectErrorStream(true).start();
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      return of(output.lines().toList());
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroy();
    }
  }

  private static ClientRun of(List<String> lines) {
    List<String> others = new ArrayList<>(lines);
    others.removeIf(line -> line.startsWith(OK) || line.isBlank());
    int passed = (int) lines.stream().filter(line -> line.startsWith(OK)).count();
    int failed = (int) lines.stream().filter(line -> line.startsWith(NOT_OK)).count();
    return new ClientRun(passed + failed, passed, others);
  }
}
