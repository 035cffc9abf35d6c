package io.kubekv.cost;

import java.util.List;

/** The figures of one workload. */
public record Prediction(List<Group> groups) {

  /** Figures about one thing. */
  public record Group(String title, List<Figure> figures) {}

  public List<Figure> figures() {
    return groups.stream().flatMap(group -> group.figures().stream()).toList();
  }

  /**
   * The figure of a name.
   *
   * @throws IllegalArgumentException when there is none of that name
   */
  public Figure figure(String name) {
    return figures().stream()
        .filter(figure -> figure.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no figure is called " + name));
  }

  /** The value of a figure, in its own unit; fails as {@link #figure} does. */
  public double value(String name) {
    return figure(name).value();
  }
}
