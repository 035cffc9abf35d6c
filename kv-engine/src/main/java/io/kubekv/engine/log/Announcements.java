package io.kubekv.engine.log;

/**
 * Carries word between replicas of how far the holder has applied the log, so that followers show
 * it soon. Word that is lost, late or repeated costs time and nothing else: the next entry brings
 * it, too. Nor does word of another log do harm, or of one that was put back to an earlier state
 * and whose positions count anew: it names an entry that does not stand here.
 */
public interface Announcements {
  /** Nobody hears anything. */
  Announcements NONE =
      new Announcements() {
        @Override
        public void announce(Word word) {}

        @Override
        public void listen(Listener listener) {}
      };

  /**
   * The replica that wrote an entry has applied the log up to it.
   *
   * @param epoch of the entry, and of the replica that wrote it
   * @param position of the entry
   * @param nonce of the entry, which tells it from any other that ever stood at that position
   */
  record Word(long epoch, long position, long nonce) {}

  /** Who is told. From any thread; neither waits nor throws. */
  interface Listener {
    /** A holder says this of an entry of its own. */
    void announced(Word word);
  }

  /**
   * What this replica has to tell all others, and those who connect later until there is other
   * word. Never blocks.
   */
  void announce(Word word);

  /** Says who hears what the others announce. Called once. */
  void listen(Listener listener);
}
