package io.kubekv.e2e.faults.agent;

import java.util.List;

/**
 * The deliberate mistakes: each breaks one promise, and a checker must catch it. After the last one
 * a store cannot be used any more.
 */
public enum Mistake {
  /** Every read is answered from whatever this process happens to have. */
  STALE_READS(
      new Change("io.kubekv.replica.ForwardingStore", "get", MistakeAdvice.AnyFreshness.class),
      new Change("io.kubekv.replica.ForwardingStore", "list", MistakeAdvice.AnyFreshness.class)),

  /** Nobody looks whether the lease has run out: not before an answer, and not after it. */
  UNCHECKED_LEASE(
      new Change("io.kubekv.k8s.lease.Term", "isValid", MistakeAdvice.AlwaysHeld.class)),

  /** Reads show what is decided and not in the log yet. */
  DIRTY_READS(new Change("io.kubekv.engine.SafetyRules", "readable", MistakeAdvice.Prepared.class)),

  /** A change counts as done when the API has answered, before the replica has seen it itself. */
  ACKNOWLEDGED_BY_ANSWER(
      new Change(
          "io.kubekv.engine.SafetyRules",
          "isAcknowledgedByItsAnswer",
          MistakeAdvice.AlwaysDone.class)),

  /** A change counts as done when somebody's entry stands where its own was to stand. */
  OVERTAKEN_IS_DONE(
      new Change("io.kubekv.engine.Holding", "overtaken", MistakeAdvice.Answering.class)),

  /** A change is no concern of any watch. */
  EVENT_LEFT_OUT(
      new Change("io.kubekv.engine.history.History", "concerns", MistakeAdvice.LeavingOut.class)),

  /** A watch tells each put twice. */
  EVENT_TWICE(
      new Change("io.kubekv.engine.history.HistoryWatch", "next", MistakeAdvice.Repeating.class)),

  /** An expiry that finds another revision than that whose time ran out deletes that one. */
  BLIND_EXPIRY(
      new Change("io.kubekv.engine.state.Endings", "expire", MistakeAdvice.AnyRevision.class)),

  /** A key is given to whoever names a session, also one that has ended. */
  LOCK_WITHOUT_SESSION(new Change("io.kubekv.LockRules", "unknown", MistakeAdvice.NoRefusal.class)),

  /** A session of ZooKeeper's protocol ends when a quarter of its time has passed in silence. */
  EPHEMERAL_GONE_EARLY(
      new Change(
          "io.kubekv.zookeeper.session.SessionNote", "timeToLive", MistakeAdvice.Impatient.class)),

  /** An ephemeral node does not belong to its session. */
  EPHEMERAL_ORPHANED(
      new Change("io.kubekv.zookeeper.write.Planner", "put", MistakeAdvice.Detached.class)),

  /**
   * A session of ZooKeeper's protocol reads whatever state the replica has, also after it has asked
   * for a sync.
   */
  READ_OF_THE_PAST(
      new Change("io.kubekv.zookeeper.node.Nodes", "freshness", MistakeAdvice.AnyState.class),
      new Change("io.kubekv.zookeeper.node.Nodes", "revision", MistakeAdvice.NoSync.class)),

  /**
   * An entry is put over whatever stands in its slot. (That requests may take a minute is so for
   * the other mistakes, too: one that is held back is still waited for.)
   */
  UNFENCED_APPEND(
      new Change("io.kubekv.k8s.api.HttpObjectApi", "replace", MistakeAdvice.Overwriting.class),
      new Change(
          "io.kubekv.k8s.api.HttpObjectApi", Change.CONSTRUCTOR, MistakeAdvice.Patient.class));

  /**
   * A method that is changed.
   *
   * @param advice what it is changed with
   */
  record Change(String type, String method, Class<?> advice) {
    /** Stands for the name of a type's constructors. */
    static final String CONSTRUCTOR = "<init>";
  }

  private final List<Change> changes;

  Mistake(Change... changes) {
    this.changes = List.of(changes);
  }

  List<Change> changes() {
    return changes;
  }

  /** As {@code stale-reads}. */
  public String argument() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }
}
