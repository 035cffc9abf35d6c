package io.kubekv.engine.state;

import io.kubekv.Author;
import io.kubekv.Revision;
import java.util.List;

/**
 * Changes that happen together, at one revision; their places in the list number them.
 *
 * @param revision the revision of the state that they leave: one more than that of the state
 *     before, or the same where nobody can see a difference
 * @param changes at least one, in order; immutable
 * @param author who made them, for those who ask; the state does not know it
 */
public record Commit(Revision revision, List<Change> changes, Author author) {
  public Commit {
    changes = List.copyOf(changes);
  }

  /** Changes that nobody made. */
  public Commit(Revision revision, List<Change> changes) {
    this(revision, changes, Author.NONE);
  }

  /** About how many bytes the commit takes in a log. */
  public long bytes() {
    long bytes = Change.OVERHEAD_BYTES + author.bytes();
    for (Change change : changes) {
      bytes += change.bytes();
    }
    return bytes;
  }
}
