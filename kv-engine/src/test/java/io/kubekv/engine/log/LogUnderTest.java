package io.kubekv.engine.log;

/** One empty log, with the hands to hurt what lies between it and those who use it. */
public interface LogUnderTest extends AutoCloseable {
  /** Another replica's own way to the log; the test closes it, or {@link #close} does. */
  Log client();

  /** The next append takes effect, and its answer is lost. */
  void loseNextAnswer();

  /** The next append is lost on its way. */
  void loseNextRequest();

  /**
   * Holds the next append back before it reaches whoever keeps the log.
   *
   * @return lets it arrive, and returns when it has
   */
  Runnable holdNextRequest();

  /** Breaks, once, what tells the replicas of entries. */
  void dropConnections();

  @Override
  void close();
}
