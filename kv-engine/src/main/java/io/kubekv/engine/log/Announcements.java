package io.kubekv.engine.log;

/**
 * Carries word between replicas of how far the holder has applied the log, so that followers show
 * it soon. Word that is lost or late costs time and nothing else: the next entry brings it, too.
 */
public interface Announcements {
  /** Nobody hears anything. */
  Announcements NONE =
      new Announcements() {
        @Override
        public void announce(long epoch, long position) {}

        @Override
        public void listen(Listener listener) {}
      };

  /** Who is told. From any thread; neither waits nor throws. */
  interface Listener {
    /** A holder has applied the log up to here. */
    void announced(long epoch, long position);
  }

  /**
   * This replica wrote the entry at a position, in an epoch of its own, and has applied it. To be
   * told to all others, and to those who connect later until there is another. Never blocks.
   */
  void announce(long epoch, long position);

  /** Says who hears what the others announce. Called once. */
  void listen(Listener listener);
}
