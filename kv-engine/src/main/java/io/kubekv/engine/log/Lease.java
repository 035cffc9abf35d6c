package io.kubekv.engine.log;

/**
 * Sees to it that one replica at a time appends, and that its reads from memory are linearizable.
 * What is written does not depend on it: two who believe to have it are told apart by the log.
 */
public interface Lease extends AutoCloseable {
  /** One time of having the lease. */
  interface Term {
    /** Whether nobody else can have the lease yet. Cheap, from any thread; once false, for ever. */
    boolean isValid();
  }

  /** Who is told. Called by one thread at a time; must neither wait nor throw. */
  interface Listener {
    void taken(Term term);

    /**
     * The term before has ended, or is about to; or this replica has none, for another reason than
     * before.
     *
     * @param reason in words for an operator and for those whose calls are refused: who has the
     *     lease, where that is known
     */
    void lost(String reason);
  }

  /** Starts to compete for the lease, for good. Called once. */
  void compete(Listener listener);

  /** Gives the lease up and competes no more. Never blocks; may be repeated. */
  @Override
  void close();
}
