package io.kubekv.cli.inspect;

import io.kubekv.cli.terminal.ExitCodes;
import io.kubekv.cli.terminal.Format;
import io.kubekv.cli.terminal.HelpOption;
import io.kubekv.cli.terminal.Json;
import io.kubekv.cli.terminal.OutputOptions;
import io.kubekv.cli.terminal.Terminal;
import io.kubekv.cost.CostModel;
import io.kubekv.cost.Figure;
import io.kubekv.cost.Prediction;
import io.kubekv.cost.Unit;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.node.ObjectNode;

/** {@code kubekv cost}: asks no server. */
@Command(
    name = "cost",
    sortOptions = false,
    description = {
      "Predicts what a workload on a Kubernetes cluster costs: calls of the API, bytes in etcd,"
          + " growth of its database, memory.",
      "benchmarks/COST.md says how each formula was found."
    })
public final class CostCommand implements Callable<Integer> {
  @Mixin CostOptions workload = new CostOptions();

  @Mixin OutputOptions output = new OutputOptions(Format.TABLE);

  @Mixin HelpOption help = new HelpOption();

  private final Terminal terminal;

  public CostCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Prediction prediction = CostModel.predict(workload.workload());
    switch (output.kind()) {
      case TABLE -> new CostTable().print(prediction, terminal.out());
      case NODE ->
          prediction.groups().stream()
              .flatMap(group -> group.figures().stream().map(figure -> json(group, figure)))
              .forEach(node -> output.print(terminal.out(), node));
      case VALUE ->
          prediction
              .figures()
              .forEach(
                  figure -> terminal.out().println(figure.name() + " " + plain(figure.value())));
    }
    terminal.out().flush();
    warn(prediction);
    return ExitCodes.DONE;
  }

  /** Not on the output, which programs read. */
  private void warn(Prediction prediction) {
    prediction.figures().stream()
        .filter(figure -> figure.unit() == Unit.SHARE && figure.value() > 1)
        .forEach(
            figure ->
                terminal
                    .err()
                    .println("kubekv: beyond a limit: " + figure.text() + " " + figure.what()));
    terminal.err().flush();
  }

  private static ObjectNode json(Prediction.Group group, Figure figure) {
    return Json.object()
        .put("name", figure.name())
        .put("group", group.title())
        .put("what", figure.what())
        .put("value", figure.value())
        .put("unit", figure.unit().symbol())
        .put("formula", figure.formula())
        .put("assumes", figure.assumes());
  }

  /** A script wants no exponents. */
  private static String plain(double value) {
    return new BigDecimal(value)
        .setScale(6, RoundingMode.HALF_EVEN)
        .stripTrailingZeros()
        .toPlainString();
  }
}
