package io.kubekv.cli.keys;

import io.kubekv.Key;
import io.kubekv.Prefix;
import io.kubekv.Range;
import picocli.CommandLine.Option;

/** Whether a verb means one key or many. */
final class RangeOptions {
  @Option(
      names = "--prefix",
      description = "All keys that begin with KEY; with the empty KEY every key.")
  boolean prefix;

  @Option(names = "--tree", description = "KEY and everything below it: KEY/...")
  boolean tree;

  boolean isOne() {
    return !prefix && !tree;
  }

  Range of(String key) {
    if (prefix && tree) {
      throw new IllegalArgumentException("--prefix and --tree exclude each other");
    }
    if (prefix) {
      return new Range.WithPrefix(new Prefix(key));
    }
    return tree ? new Range.Tree(Key.of(key)) : new Range.Exact(Key.of(key));
  }
}
