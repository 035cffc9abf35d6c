package io.kubekv.cli;

import io.kubekv.cli.terminal.ExitCodes;
import io.kubekv.cli.terminal.FileProblems;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code kubekv man}. */
@Command(
    name = "man",
    description = {
      "Prints the manual page of the program or a verb: kubekv man get | man -l -",
      "With --dir writes all pages, for a folder man1 of MANPATH."
    })
final class ManCommand extends AboutVerb {
  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "Write a file for each page into this folder.")
  @Nullable Path folder;

  @Override
  public Integer call() {
    if (folder != null) {
      write(own().getParent(), folder);
      return ExitCodes.DONE;
    }
    PrintWriter out = own().getOut();
    out.print(new ManPage(named()).text());
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
