package io.kubekv.benchmarks.load;

import java.util.SplittableRandom;

/** Chooses a client's next request at random. Stateless: a seed gives the same requests again. */
@FunctionalInterface
public interface Workload {
  Operation next(SplittableRandom random);

  /** Reads of the keys, each as likely. */
  static Workload gets(Keys keys) {
    return random -> new Operation.Get(keys.name(random.nextInt(keys.count())));
  }

  /** Writes of the keys, each as likely. */
  static Workload puts(Keys keys) {
    return random -> new Operation.Put(keys.name(random.nextInt(keys.count())), keys.value());
  }

  /** Reads of whole directories, each as likely. */
  static Workload lists(Keys keys) {
    return random -> new Operation.ListBelow(keys.directory(random.nextInt(keys.directories())));
  }

  /** The first in so many of a hundred cases, otherwise the second. */
  static Workload mix(int percent, Workload first, Workload second) {
    return random -> (random.nextInt(100) < percent ? first : second).next(random);
  }
}
