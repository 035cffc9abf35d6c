package io.kubekv.cli;

import io.kubekv.cli.terminal.ExitCodes;
import io.kubekv.cli.terminal.FileProblems;
import io.kubekv.cli.terminal.Spelling;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kubekv man}. */
@Command(
    name = "man",
    description = {
      "Prints the manual page of the program or a verb: kubekv man get | man -l -",
      "With --dir writes all pages, for a folder man1 of MANPATH."
    })
final class ManCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..*",
      paramLabel = "VERB",
      description = "The verb, and one below it: session create.")
  List<String> verbs = new ArrayList<>();

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "Write a file for each page into this folder.")
  @Nullable Path folder;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this help, and exits.")
  boolean help;

  @Spec @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    CommandLine own = Objects.requireNonNull(spec).commandLine();
    CommandLine program = own.getParent();
    if (folder != null) {
      write(program, folder);
      return ExitCodes.DONE;
    }
    CommandLine at = program;
    for (String verb : verbs) {
      CommandLine next = at.getSubcommands().get(verb);
      if (next == null) {
        throw new ParameterException(
            own,
            "there is no verb '"
                + verb
                + "'"
                + Spelling.nearest(verb, at.getSubcommands().keySet())
                    .map(near -> ": did you mean " + near + "?")
                    .orElse(""));
      }
      at = next;
    }
    PrintWriter out = own.getOut();
    out.print(new ManPage(at).text());
    out.flush();
    return ExitCodes.DONE;
  }

  private static void write(CommandLine at, Path folder) {
    if (at.getCommandSpec().usageMessage().hidden()) {
      return;
    }
    ManPage page = new ManPage(at);
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve(page.name() + ".1"), page.text());
    } catch (IOException failure) {
      throw new IllegalArgumentException(
          "the pages cannot be written: " + FileProblems.explain(failure), failure);
    }
    at.getSubcommands().values().forEach(verb -> write(verb, folder));
  }
}
