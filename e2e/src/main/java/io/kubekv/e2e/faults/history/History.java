package io.kubekv.e2e.faults.history;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** All that was seen in one run. Thread-safe; lines are in no particular order. */
public final class History {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String TYPE = "type";
  private static final List<Class<? extends Line>> TYPES =
      List.of(
          Operation.class,
          ListSeen.class,
          WatchSeen.class,
          LockCall.class,
          MortalCall.class,
          Disorder.class,
          Disturbance.class);

  private final Queue<Line> lines = new ConcurrentLinkedQueue<>();
  private final AtomicLong calls = new AtomicLong();

  public History() {}

  /** The number of a call that begins now. */
  public long nextCall() {
    return calls.incrementAndGet();
  }

  public void add(Line line) {
    lines.add(line);
  }

  /** All lines of one type so far. */
  public <T extends Line> List<T> all(Class<T> type) {
    return lines.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** How many lines there are. */
  public int size() {
    return lines.size();
  }

  /** Writes every line as a JSON object. */
  public void write(Path file) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (Line line : lines) {
        ObjectNode node = JSON.valueToTree(line);
        node.put(TYPE, line.getClass().getSimpleName());
        out.write(JSON.writeValueAsString(node));
        out.newLine();
      }
    }
  }

  /** Reads what {@link #write} wrote. */
  public static History read(Path file) throws IOException {
    History history = new History();
    for (String line : new ArrayList<>(Files.readAllLines(file))) {
      ObjectNode node = (ObjectNode) JSON.readTree(line);
      String type = node.remove(TYPE).asString();
      history.add(JSON.treeToValue(node, named(type)));
    }
    return history;
  }

  private static Class<? extends Line> named(String type) {
    return TYPES.stream()
        .filter(each -> each.getSimpleName().equals(type))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no line of a history is a " + type));
  }
}
