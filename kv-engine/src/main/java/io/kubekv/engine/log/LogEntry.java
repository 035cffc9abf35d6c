package io.kubekv.engine.log;

import io.kubekv.engine.state.Commit;
import java.util.List;
import java.util.OptionalLong;

/**
 * One entry of the log: the changes of all requests that waited for it, whole.
 *
 * @param position its place, from 1, without gaps
 * @param epoch grows with each holder of the log, and never falls along it
 * @param nonce a random number that tells it from any other entry of the same position
 * @param previousNonce that of the entry before: what chains them
 * @param commits the changes; empty in the first entry of an epoch; immutable
 * @param minReader the least version of a reader that can apply it; see {@link #READER}
 * @param digest of the state before it, now and then
 */
public record LogEntry(
    long position,
    long epoch,
    long nonce,
    long previousNonce,
    List<Commit> commits,
    int minReader,
    OptionalLong digest) {
  /** The version of entries that this program can apply. */
  public static final int READER = 1;

  private static final int HEADER_BYTES = 64;

  public LogEntry {
    commits = List.copyOf(commits);
  }

  /** Whether it can be the next one after {@code root}: the one way for an entry to be decided. */
  public boolean follows(Root root) {
    return position == root.position() + 1
        && previousNonce == root.nonce()
        && epoch >= root.epoch();
  }

  /** About how large it is in the log. */
  public long bytes() {
    return HEADER_BYTES + commits.stream().mapToLong(Commit::bytes).sum();
  }
}
