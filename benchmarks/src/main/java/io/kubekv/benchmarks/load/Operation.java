package io.kubekv.benchmarks.load;

/** One request of a client, whatever the protocol. Keys are paths without a slash in front. */
public sealed interface Operation {
  /** Reads a key that is there, linearizable. */
  record Get(String key) implements Operation {}

  /** Writes a key, durable. */
  record Put(String key, String value) implements Operation {}

  /** Reads all that is below a directory, linearizable. */
  record ListBelow(String directory) implements Operation {}

  /**
   * Adds one to the number that a key holds: reads it, and writes it on condition that nobody else
   * has meanwhile; again, until that succeeds.
   */
  record Increment(String key) implements Operation {}
}
