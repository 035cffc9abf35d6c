package io.kubekv.cli;

import io.kubekv.cli.terminal.ExitCodes;
import io.kubekv.cli.terminal.HelpOption;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kubekv completion}. */
@Command(
    name = "completion",
    description = {
      "Prints what a shell needs to complete verbs, options and their values.",
      "  bash   source <(kubekv completion bash)",
      "  zsh    source <(kubekv completion zsh)",
      "  fish   kubekv completion fish | source",
      "Put the line into ~/.bashrc, ~/.zshrc or ~/.config/fish/config.fish."
    })
final class CompletionCommand implements Callable<Integer> {
  /** Whose completion. */
  enum Shell {
    BASH,
    ZSH,
    FISH;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish.")
  Shell shell = Shell.BASH;

  @Mixin HelpOption help = new HelpOption();

  @Spec @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    CommandLine own = Objects.requireNonNull(spec).commandLine();
    CommandLine program = own.getParent();
    PrintWriter out = own.getOut();
    out.print(
        switch (shell) {
          case BASH -> AutoComplete.bash("kubekv", program);
          case ZSH -> zsh(program);
          case FISH -> new FishCompletion(program).script();
        });
    out.flush();
    return ExitCodes.DONE;
  }

  /** zsh takes bash's script once it has read its own module for that. */
  private static String zsh(CommandLine program) {
    return "autoload -U +X compinit && compinit\n" + AutoComplete.bash("kubekv", program);
  }
}
