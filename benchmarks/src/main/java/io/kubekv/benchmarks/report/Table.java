package io.kubekv.benchmarks.report;

import java.util.List;

/** What a page shows as a table: cells for people. */
public record Table(List<String> head, List<List<String>> rows) {
  public Table {
    head = List.copyOf(head);
    rows = rows.stream().map(List::copyOf).toList();
  }
}
