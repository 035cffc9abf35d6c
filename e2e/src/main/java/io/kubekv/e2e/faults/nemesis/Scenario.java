package io.kubekv.e2e.faults.nemesis;

import io.kubekv.e2e.faults.check.Violation;
import io.kubekv.e2e.faults.history.History;
import java.io.IOException;
import java.util.List;

/** Faults that strike at one chosen moment, each of which some mistake would not survive. */
public enum Scenario {
  /**
   * A put of the deposed holder arrives before the next holder's first entry, and is in the log.
   */
  LATE_PUT(Scripts::latePut),
  /** It arrives after the next holder's. */
  OVERTAKEN_PUT(Scripts::overtakenPut),
  /** While it is on its way everybody reads, at the holder and then at the next one. */
  HELD_PUT(Scripts::heldPut),
  /** The holder's watch is silent while it puts, and does not show its own entry. */
  QUIET_WATCH(Scripts::quietWatch),
  /** A put of the deposed holder arrives late; then a replica starts and reads the log. */
  RESTARTED(Scripts::restarted),
  /** A create of the deposed holder arrives after the next holder's. */
  LATE_CREATE(Scripts::lateCreate),
  /** A delete of the deposed holder arrives after the next holder's put. */
  LATE_DELETE(Scripts::lateDelete),
  /** An expiry of the deposed holder arrives after the client's refresh at the next one. */
  LATE_EXPIRY(Scripts::lateExpiry),
  /** A refresh is on its way to the log while the time of its key runs out. */
  REFRESH_IN_TIME(Scripts::refreshInTime),
  /** An acquisition of the deposed holder arrives after the next holder's. */
  LATE_ACQUIRE(Scripts::lateAcquire),
  /** An acquisition of the deposed holder arrives after the end of its session. */
  LATE_ACQUIRE_FOR_ENDED(Scripts::lateAcquireForEnded),
  /** The end of a session by the deposed holder arrives after its renewal at the next one. */
  LATE_SESSION_END(Scripts::lateSessionEnd),
  /** A client reads at a holder that is cut off and deposed. */
  DEPOSED_READ(Scripts::deposedRead),
  /** The API has forgotten what came while a replica's watch was silent. */
  FORGOTTEN(Scripts::forgotten),
  /** The API forgets, again and again, while writes are under way. */
  FORGETFUL(Scripts::forgetful),
  /** The answer to a put and to a create are lost on the way, after they were done. */
  LOST_ANSWERS(Scripts::lostAnswers),
  /** A client loses its connection, and tries again. */
  LOST_CONNECTION(Scripts::lostConnection),
  /** A client names a session that has ended. */
  ENDED_SESSION(Scripts::endedSession),
  /** A client of ZooKeeper's protocol says nothing any more, and has an ephemeral node. */
  QUIET_SESSION(Scripts::quietSession),
  /** A client of ZooKeeper's protocol syncs and reads at a replica that shows nothing new. */
  SYNCED_READ(Scripts::syncedRead);

  /** What is done on a stage. */
  @FunctionalInterface
  interface Script {
    void play(Stage stage) throws IOException;
  }

  /**
   * What was seen.
   *
   * @param unmet what had to happen and did not
   */
  public record Performance(History history, List<Violation> unmet) {}

  private final Script script;

  Scenario(Script script) {
    this.script = script;
  }

  /**
   * Plays it; blocks until a replica holds the lease again.
   *
   * @param name what its keys begin with; another one for each play on the same store
   */
  public Performance play(Cluster cluster, String name) throws IOException {
    try (Stage stage = new Stage(cluster, name)) {
      script.play(stage);
      return new Performance(stage.history(), stage.unmet());
    }
  }
}
