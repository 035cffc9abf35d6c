package io.kubekv.cli;

import io.kubekv.cli.terminal.HelpOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A verb that tells about another, whose words it is given. */
abstract class AboutVerb implements Callable<Integer> {
  @Parameters(
      arity = "0..*",
      paramLabel = "VERB",
      description = "The verb, and one below it: session create.")
  List<String> verbs = new ArrayList<>();

  @Mixin HelpOption help = new HelpOption();

  @Spec @Nullable CommandSpec spec;

  final CommandLine own() {
    return Objects.requireNonNull(spec).commandLine();
  }

  /** The verb; the program itself where no words are given. */
  final CommandLine named() {
    CommandLine at = own().getParent();
    for (String verb : verbs) {
      CommandLine next = at.getSubcommands().get(verb);
      if (next == null) {
        throw new ParameterException(own(), WrongUsage.noVerb(at, verb));
      }
      at = next;
    }
    return at;
  }
}
