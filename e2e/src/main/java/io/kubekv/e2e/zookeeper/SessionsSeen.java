package io.kubekv.e2e.zookeeper;

import io.kubekv.e2e.Finding;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What very many sessions saw of their servers, and what they cost.
 *
 * @param timeout of each
 * @param steady how long they did nothing but say that they live
 * @param signs how often they said so
 * @param entries of the log that were written meanwhile
 * @param revisions that the store made meanwhile
 * @param cores that all processes of the store kept busy meanwhile
 * @param settled whether they had run for so long that this is judged: at first they compile
 * @param back how long after the end of their server all were at the other
 * @param over those that came back and had no session any more
 * @param kept ephemeral nodes that are there for their sessions when longer than the timeout has
 *     passed since
 * @param away sessions that did not come back
 * @param orphans ephemeral nodes of these that were there at the end
 */
record SessionsSeen(
    int count,
    Duration timeout,
    Duration steady,
    long signs,
    long entries,
    long revisions,
    double cores,
    boolean settled,
    Duration back,
    int over,
    int kept,
    int away,
    int orphans) {
  private static final double CORES = 0.5;
  private static final String PROCESSORS = "processors kept busy, all processes together";

  /** The server lets a session live by this part longer than its client believes. */
  private static final int GRACE = 6;

  /** The store records its own clock so often in a time to live, and at least every 2.5 s. */
  private static final int RECORDS = 12;

  private static final Duration LONGEST_RECORD = Duration.ofMillis(2_500);

  /** One that was due as the time began, and one of a lease that is renewed out of turn. */
  private static final int MORE_RECORDS = 2;

  /** How long a session lives at the server that nobody hears of. */
  Duration timeToLive() {
    return timeToLive(timeout);
  }

  static Duration timeToLive(Duration timeout) {
    return timeout.plus(timeout.dividedBy(GRACE));
  }

  /** How often the store's clock may have been recorded, whatever the sessions do. */
  long records() {
    Duration part = timeToLive().dividedBy(RECORDS);
    Duration each = part.compareTo(LONGEST_RECORD) < 0 ? part : LONGEST_RECORD;
    return steady.dividedBy(each) + MORE_RECORDS;
  }

  List<Finding> judged() {
    int came = count - away;
    return List.of(
        Finding.told(
            "sessions, and signs of life of theirs",
            "%d of %d s, %d signs in %d s",
            count,
            timeout.toSeconds(),
            signs,
            steady.toSeconds()),
        Finding.of("each said at least once that it lives", signs >= count, "" + signs),
        Finding.exactly("revisions of the store meanwhile", revisions, 0),
        Finding.atMost(
            "entries of the log meanwhile, which record the store's clock",
            entries,
            records(),
            "entries"),
        settled
            ? Finding.atMost(PROCESSORS, cores, CORES, "cores")
            : Finding.told(PROCESSORS, "%.2f cores, while they compile", cores),
        Finding.told(
            "all were back after the end of their server",
            "within %s s",
            String.format(Locale.ROOT, "%.1f", back.toMillis() / 1e3)),
        Finding.exactly("sessions that were over when they came back", over, 0),
        Finding.exactly("ephemeral nodes of those who came back, later on", kept, came),
        Finding.of("some stayed away", away > 0, away + " sessions"),
        Finding.exactly("ephemeral nodes of those who stayed away", orphans, 0));
  }
}
