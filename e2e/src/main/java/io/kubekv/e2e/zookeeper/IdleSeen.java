package io.kubekv.e2e.zookeeper;

import io.kubekv.e2e.Finding;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What became of connections that never said who they are, and of the server that had them.
 *
 * @param held how many the server said that it had, when all were open
 * @param bytesHeld the memory that they took then, in the heap and outside it
 * @param bytesLeft what of it was still taken when all were over
 * @param stillOpen those that the server did not close
 * @param answered how often something came on one
 * @param earliest how long that lived which was closed first
 * @param latest how long that lived which was closed last
 * @param visits how often another client came meanwhile
 * @param unserved how often it was not served
 * @param slowest how long it took at most
 */
record IdleSeen(
    int count,
    long held,
    long bytesHeld,
    long bytesLeft,
    int stillOpen,
    int answered,
    Duration earliest,
    Duration latest,
    int visits,
    int unserved,
    Duration slowest) {
  /** For so long a client may be silent that has not said who it is (kv-server/LIMITS.md). */
  static final Duration LIMIT = Duration.ofSeconds(30);

  /** Who is late is looked for once a second; the rest is for a machine that others use. */
  static final Duration SLACK = Duration.ofSeconds(6);

  private static final double KIBIBYTES_EACH = 16;

  /** A server's own coming and going, and what its metrics and collections leave. */
  private static final double MEBIBYTES_LEFT = 12;

  private static final double SECONDS_OF_A_VISIT = 5;

  List<Finding> judged() {
    return List.of(
        Finding.of("all idle connections were held at once", held >= count, held + " held"),
        Finding.atMost("memory of each", bytesHeld / 1024.0 / count, KIBIBYTES_EACH, "KiB"),
        Finding.exactly("those that were never cut off", stillOpen, 0),
        Finding.exactly("messages to those who never said who they are", answered, 0),
        new Finding(
            "the first was cut off after",
            seconds(earliest),
            "at least " + seconds(LIMIT),
            earliest.compareTo(LIMIT) >= 0),
        Finding.atMost(
            "the last after", latest.toMillis() / 1e3, LIMIT.plus(SLACK).toSeconds(), "s"),
        Finding.atMost("memory that is left of all", bytesLeft / 1048576.0, MEBIBYTES_LEFT, "MiB"),
        Finding.of("another client was served meanwhile", visits > 0, visits + " sessions"),
        Finding.exactly("sessions of it that were not served", unserved, 0),
        Finding.atMost("the slowest of these", slowest.toMillis() / 1e3, SECONDS_OF_A_VISIT, "s"));
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.2f s", time.toMillis() / 1e3);
  }
}
