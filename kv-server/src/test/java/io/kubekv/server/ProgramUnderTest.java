package io.kubekv.server;

import io.kubekv.cli.terminal.Terminal;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/** The program as its users meet it, on a terminal of the test's. */
final class ProgramUnderTest {
  private ProgramUnderTest() {}

  /** Runs one command line; its exit code. */
  static int run(Terminal terminal, String... args) {
    CommandLine program = Main.commandLine(args, terminal);
    program.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
    program.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
    return program.execute(args);
  }
}
