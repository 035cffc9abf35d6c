package io.kubekv.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntFunction;

/**
 * Chooses the keys that clients write, and remembers some of the last ones. Any number of clients
 * may use it at once.
 */
final class Written {
  private static final int REMEMBERED = 8;
  private static final int NONE = -1;

  private final int count;
  private final IntFunction<String> names;
  private final AtomicIntegerArray last = new AtomicIntegerArray(REMEMBERED);

  /**
   * @param count of keys, numbered from 0
   * @param names of keys, as {@link io.kubekv.benchmarks.load.Client} has them
   */
  Written(int count, IntFunction<String> names) {
    this.count = count;
    this.names = names;
    forget();
  }

  /** The number of a key, which the caller writes. */
  int choose(SplittableRandom random) {
    int key = random.nextInt(count);
    last.lazySet(key % REMEMBERED, key);
    return key;
  }

  /** Begins anew; while no client writes. */
  void forget() {
    for (int at = 0; at < REMEMBERED; at++) {
      last.set(at, NONE);
    }
  }

  /** Keys that were chosen since then: one at least if there were any. */
  List<String> names() {
    List<String> chosen = new ArrayList<>();
    for (int at = 0; at < REMEMBERED; at++) {
      int key = last.get(at);
      if (key != NONE) {
        chosen.add(names.apply(key));
      }
    }
    return chosen;
  }
}
