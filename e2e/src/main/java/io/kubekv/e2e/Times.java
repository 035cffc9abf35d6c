package io.kubekv.e2e;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** How long the requests of each kind took, in nanoseconds. */
final class Times {
  private final List<Histogram> byKind = new ArrayList<>();

  Times() {
    for (Kind kind : Kind.values()) {
      byKind.add(kind.ordinal(), new Histogram(3));
    }
  }

  void add(Kind kind, long nanoseconds) {
    of(kind).recordValue(nanoseconds);
  }

  void add(Times others) {
    for (Kind kind : Kind.values()) {
      of(kind).add(others.of(kind));
    }
  }

  Histogram of(Kind kind) {
    return byKind.get(kind.ordinal());
  }
}
