package io.kubekv.e2e.attacks;

import java.time.Duration;

/**
 * What was seen of a server around an attack.
 *
 * @param alive whether its process is there, the same as before
 * @param quiet what the well-behaved client saw before
 * @param during what it saw while the attack was made
 * @param slowestHealth the longest that {@code /healthz} took meanwhile; an answer other than 200,
 *     or none, counts as the patience with it
 * @param before its memory before the attack
 * @param after its memory when it has had time to settle
 * @param mayKeep bytes that the attack stored, and that the server may hold
 * @param logged bytes that it wrote to its log
 * @param acknowledged keys whose last value somebody was told is stored
 * @param wrong how many of these are missing, or have another value
 */
record Observed(
    boolean alive,
    Seen quiet,
    Seen during,
    Duration slowestHealth,
    Memory before,
    Memory after,
    long mayKeep,
    long logged,
    long acknowledged,
    long wrong) {

  /**
   * What a client saw.
   *
   * @param requests how many
   * @param failures of these, those that were not answered as they should be
   */
  record Seen(double p99Millis, long requests, long failures) {}

  /**
   * @param heap live objects after a collection, in bytes
   * @param limit what the heap may grow to, in bytes
   * @param direct memory outside the heap that Java's buffers hold, in bytes
   * @param peak the most memory that the process ever held since the reading before, in bytes
   */
  record Memory(long heap, long limit, long direct, long peak) {}
}
