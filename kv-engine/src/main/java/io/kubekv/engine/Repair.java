package io.kubekv.engine;

import io.kubekv.engine.log.Log;
import io.kubekv.engine.log.Root;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * What happens when the log has lost what is applied here. The holder keeps all of it as a
 * snapshot, and the log goes on from there; whoever does not hold the log looks again, until
 * somebody has done that or it holds the log itself. Everything happens in turns.
 */
final class Repair {
  private static final System.Logger LOGGER = System.getLogger(Repair.class.getName());

  /** How many pauses lie between two looks of one who can only wait. */
  private static final int PATIENCE = 10;

  private final Log log;
  private final Replica replica;
  private final Committer.Sender sender;
  private String said = "";

  Repair(Log log, Replica replica, Committer.Sender sender) {
    this.log = log;
    this.replica = replica;
    this.sender = sender;
  }

  /**
   * Tries once.
   *
   * @param holds whether this replica holds the log
   * @param open reads the log again, and notices what is still wrong
   */
  void attempt(String reason, boolean holds, Runnable open) {
    if (!reason.equals(said)) {
      said = reason;
      LOGGER.log(System.Logger.Level.ERROR, "{0}", reason);
    }
    if (!holds) {
      sender.later(sender.pause().multipliedBy(PATIENCE), open);
      return;
    }
    Root root = root();
    var unused =
        log.snapshot(root)
            .handle((done, failure) -> sender.inTurn(() -> written(root, failure, open)));
  }

  /**
   * Between the parts of a change, the position after the last of them: so that the next, which may
   * be on its way, never stands, and whoever has them opens from this snapshot.
   */
  private Root root() {
    Root root = replica.root();
    return replica.isBetweenParts()
        ? new Root(root.state(), root.position() + 1, root.epoch(), sender.random().nextLong())
        : root;
  }

  private void written(Root root, @Nullable Throwable failure, Runnable open) {
    if (failure == null) {
      said = "";
      String text = "the log goes on from a new snapshot at entry {0}; nothing was lost";
      LOGGER.log(System.Logger.Level.WARNING, text, root.position());
      open.run();
    } else {
      String text = "a new snapshot could not be written: {0}";
      LOGGER.log(System.Logger.Level.ERROR, text, text(failure));
      sender.later(sender.pause().multipliedBy(PATIENCE), open);
    }
  }

  /** What a future has failed with, for people. */
  static String text(@Nullable Throwable failure) {
    Throwable cause = cause(failure);
    return cause == null || cause.getMessage() == null ? "no answer" : cause.getMessage();
  }

  /** The same for programs. */
  static @Nullable Throwable cause(@Nullable Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
