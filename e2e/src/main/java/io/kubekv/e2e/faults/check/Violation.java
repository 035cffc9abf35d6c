package io.kubekv.e2e.faults.check;

import io.kubekv.e2e.faults.history.Line;
import java.util.List;

/**
 * Something that a correct store cannot have shown.
 *
 * @param promise which promise it breaks
 * @param subject the key, watcher or session concerned
 * @param words what is wrong
 * @param evidence the lines that show it, as few as could be found
 */
public record Violation(String promise, String subject, String words, List<Line> evidence) {
  public Violation {
    evidence = List.copyOf(evidence);
  }
}
