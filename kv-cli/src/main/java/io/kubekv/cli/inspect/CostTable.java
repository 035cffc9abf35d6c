package io.kubekv.cli.inspect;

import io.kubekv.cli.terminal.Texts;
import io.kubekv.cost.Figure;
import io.kubekv.cost.Prediction;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** A prediction for people: what, how much, how that comes about; the assumptions below. */
final class CostTable {
  private final List<List<String>> rows = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  void print(Prediction prediction, PrintStream out) {
    prediction.groups().forEach(this::add);
    Texts.table(out, rows);
    out.println();
    for (int note = 0; note < notes.size(); note++) {
      out.println("[" + (note + 1) + "] " + notes.get(note) + ".");
    }
  }

  private void add(Prediction.Group group) {
    if (!rows.isEmpty()) {
      rows.add(List.of(""));
    }
    rows.add(List.of(group.title()));
    group.figures().forEach(this::add);
  }

  private void add(Figure figure) {
    rows.add(List.of("  " + figure.what(), figure.text(), "= " + figure.formula() + mark(figure)));
  }

  private String mark(Figure figure) {
    if (figure.assumes().isEmpty()) {
      return "";
    }
    if (!notes.contains(figure.assumes())) {
      notes.add(figure.assumes());
    }
    return "  [" + (notes.indexOf(figure.assumes()) + 1) + "]";
  }
}
