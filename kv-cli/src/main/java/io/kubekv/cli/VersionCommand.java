package io.kubekv.cli;

import io.kubekv.cli.terminal.ExitCodes;
import io.kubekv.cli.terminal.Format;
import io.kubekv.cli.terminal.HelpOption;
import io.kubekv.cli.terminal.Json;
import io.kubekv.cli.terminal.OutputOptions;
import io.kubekv.cli.terminal.Terminal;
import io.kubekv.cli.terminal.Texts;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code kubekv version}: asks no server. */
@Command(
    name = "version",
    description = "Says what this program is: its version, its sources, its Java.")
final class VersionCommand implements Callable<Integer> {
  @Mixin OutputOptions output = new OutputOptions(Format.TABLE);

  @Mixin HelpOption help = new HelpOption();

  private final Terminal terminal;
  private final BuildInfo build;

  VersionCommand(Terminal terminal, BuildInfo build) {
    this.terminal = terminal;
    this.build = build;
  }

  @Override
  public Integer call() {
    switch (output.kind()) {
      case VALUE -> terminal.out().println(build.version());
      case NODE ->
          output.print(
              terminal.out(),
              Json.object()
                  .put("version", build.version())
                  .put("revision", build.revision())
                  .put("committed", build.committed())
                  .put("modified", build.modified())
                  .put("packaging", build.packaging())
                  .put("java", Runtime.version().toString())
                  .put("javaVendor", vendor()));
      case TABLE -> Texts.table(terminal.out(), rows());
    }
    return ExitCodes.DONE;
  }

  private List<List<String>> rows() {
    String modified = build.modified() ? ", modified" : "";
    return List.of(
        List.of("kubekv", build.version()),
        List.of("revision", build.revision() + modified),
        List.of("committed", build.committed()),
        List.of("packaging", build.packaging()),
        List.of("Java", Runtime.version() + " (" + vendor() + ")"));
  }

  private static String vendor() {
    return System.getProperty("java.vendor", "");
  }
}
