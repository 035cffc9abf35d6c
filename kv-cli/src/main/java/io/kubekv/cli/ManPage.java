package io.kubekv.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** A verb's help as a page of the manual: roff with man(7)'s macros. */
final class ManPage {
  private final CommandLine verb;
  private final List<String> lines = new ArrayList<>();

  ManPage(CommandLine verb) {
    this.verb = verb;
    write();
  }

  /** As {@code kubekv-session-create}. */
  String name() {
    return verb.getCommandSpec().qualifiedName("-");
  }

  String text() {
    return String.join("\n", lines) + "\n";
  }

  private void write() {
    CommandSpec spec = verb.getCommandSpec();
    UsageMessageSpec usage = spec.usageMessage();
    Help help = new Help(spec, Help.defaultColorScheme(Help.Ansi.OFF));
    List<String> description = List.of(usage.description());
    lines.add(
        ".TH \"%s\" 1 \"\" \"kubekv %s\" \"kubekv\""
            .formatted(name().toUpperCase(Locale.ROOT), BuildInfo.own().version()));
    lines.add(".SH NAME");
    lines.add(escaped(name()) + " \\- " + escaped(summary(description)));
    lines.add(".SH SYNOPSIS");
    lines.add(".nf");
    help.synopsis(0).lines().forEach(line -> lines.add(plain(line)));
    lines.add(".fi");
    lines.add(".SH DESCRIPTION");
    description.forEach(this::paragraph);
    section("ARGUMENTS", spec.positionalParameters().stream().map(this::parameter).toList());
    section("OPTIONS", spec.options().stream().filter(o -> !o.hidden()).map(this::option).toList());
    section("COMMANDS", verb.getSubcommands().entrySet().stream().flatMap(this::command).toList());
    section(
        "EXIT STATUS",
        usage.exitCodeList().entrySet().stream()
            .map(code -> List.of(code.getKey().strip(), code.getValue()))
            .toList());
  }

  private static String summary(List<String> description) {
    return description.isEmpty() ? "" : description.getFirst().replaceFirst("\\.( .*)?$", "");
  }

  private void section(String title, List<List<String>> entries) {
    if (entries.isEmpty()) {
      return;
    }
    lines.add(".SH " + title);
    for (List<String> entry : entries) {
      lines.add(".TP");
      lines.add(".B " + plain(entry.getFirst()));
      entry.subList(1, entry.size()).forEach(text -> lines.add(plain(text)));
    }
  }

  private List<String> option(OptionSpec option) {
    String more = option.splitRegex().isEmpty() ? "" : ",...";
    String value = option.arity().max() > 0 ? " " + option.paramLabel() + more : "";
    List<String> entry = new ArrayList<>();
    entry.add(String.join(", ", option.names()) + value);
    entry.addAll(List.of(option.description()));
    return entry;
  }

  private List<String> parameter(PositionalParamSpec parameter) {
    List<String> entry = new ArrayList<>();
    entry.add(parameter.paramLabel());
    entry.addAll(List.of(parameter.description()));
    return entry;
  }

  private Stream<List<String>> command(Map.Entry<String, CommandLine> below) {
    CommandSpec spec = below.getValue().getCommandSpec();
    return spec.usageMessage().hidden()
        ? Stream.empty()
        : Stream.of(
            List.of(below.getKey(), summary(List.of(spec.usageMessage().description())) + "."));
  }

  /** Lines that are set in stand as they are. */
  private void paragraph(String text) {
    if (text.startsWith(" ")) {
      lines.add(".nf");
      lines.add(plain(text));
      lines.add(".fi");
    } else {
      lines.add(".PP");
      lines.add(plain(text));
    }
  }

  /** A line of text: no macro, whatever it begins with. */
  private static String plain(String text) {
    String escaped = escaped(text);
    return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\e").replace("-", "\\-").replace("%%", "%");
  }
}
