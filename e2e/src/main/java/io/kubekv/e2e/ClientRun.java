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
 * @param made how many things it tried; breaking off, and trying nothing at all, count as one more
 *     that failed
 * @param passed how many of them were answered as expected, known differences with them
 * @param differences what it said of the known differences that it met
 * @param complaints what it said besides {@code ok}
 */
record ClientRun(int made, int passed, List<String> differences, List<String> complaints) {
  private static final String OK = "ok ";
  private static final String NOT_OK = "not ok ";
  private static final String DIFFERS = "differs ";

  /** In which a program that waits for an answer that does not come is ended. */
  private static final String SECONDS = "300";

  ClientRun {
    differences = List.copyOf(differences);
    complaints = List.copyOf(complaints);
  }

  /** Blocks until the program has ended. */
  static ClientRun of(Path program, ClientStore store) throws IOException {
    return of(program, store.url(), store.name());
  }

  /** The same on a store of which the program is told these words. */
  static ClientRun of(Path program, String url, String name) throws IOException {
    Process process =
        new ProcessBuilder("timeout", SECONDS, program.toString(), url, name)
            .redirectErrorStream(true)
            .start();
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      List<String> lines = output.lines().toList();
      return of(lines, process.waitFor());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroy();
    }
  }

  private static ClientRun of(List<String> lines, int exitCode) {
    List<String> others = new ArrayList<>(lines);
    List<String> differences = lines.stream().filter(line -> line.startsWith(DIFFERS)).toList();
    others.removeIf(line -> line.startsWith(OK) || line.startsWith(DIFFERS) || line.isBlank());
    int passed =
        (int) lines.stream().filter(line -> line.startsWith(OK)).count() + differences.size();
    int failed = (int) lines.stream().filter(line -> line.startsWith(NOT_OK)).count();
    if (exitCode != 0) {
      others.add("it broke off with code " + exitCode);
      failed++;
    } else if (passed + failed == 0) {
      others.add("it checked nothing");
      failed++;
    }
    return new ClientRun(passed + failed, passed, differences, others);
  }
}
