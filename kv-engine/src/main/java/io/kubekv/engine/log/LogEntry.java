package io.kubekv.engine.log;

import io.kubekv.Bytes;
import io.kubekv.engine.state.Commit;
import java.util.List;
import java.util.Optional;
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
 * @param part of a change that is larger than an entry may be; then there are no commits
 * @param standsInUntil of an entry that an operator has put in the place of one that could not be
 *     applied: the last position whose writer may have applied that. Then there are no commits
 */
public record LogEntry(
    long position,
    long epoch,
    long nonce,
    long previousNonce,
    List<Commit> commits,
    int minReader,
    OptionalLong digest,
    Optional<Part> part,
    OptionalLong standsInUntil) {
  /**
   * A part of a large change ({@link Parts}).
   *
   * @param number from 0
   * @param last whether the change is whole with it
   */
  public record Part(int number, boolean last, Bytes content) {}

  /** The version of entries that this program can apply. */
  public static final int READER = 1;

  /** What an entry takes beside what is in it, about. */
  static final int HEADER_BYTES = 64;

  public LogEntry {
    commits = List.copyOf(commits);
  }

  /** An entry that is whole. */
  public LogEntry(
      long position,
      long epoch,
      long nonce,
      long previousNonce,
      List<Commit> commits,
      int minReader,
      OptionalLong digest) {
    this(
        position,
        epoch,
        nonce,
        previousNonce,
        commits,
        minReader,
        digest,
        Optional.empty(),
        OptionalLong.empty());
  }

  /**
   * What stands in the place of an entry that cannot be applied: those after it chain to it, and
   * what it has changed is lost.
   *
   * @param until the last entry that stands; the digests in those up to it are of states that had
   *     the changes, and are not compared
   */
  public static LogEntry standIn(
      long position, long epoch, long nonce, long previousNonce, long until) {
    return new LogEntry(
        position,
        epoch,
        nonce,
        previousNonce,
        List.of(),
        READER,
        OptionalLong.empty(),
        Optional.empty(),
        OptionalLong.of(until));
  }

  /** Whether what it says is whole with it. */
  public boolean isWhole() {
    return part.map(Part::last).orElse(true);
  }

  /** Whether it can be the next one after {@code root}: the one way for an entry to be decided. */
  public boolean follows(Root root) {
    return position == root.position() + 1
        && previousNonce == root.nonce()
        && epoch >= root.epoch();
  }

  /** About how large it is in the log. */
  public long bytes() {
    long bytes = (long) HEADER_BYTES + part.map(piece -> piece.content().size()).orElse(0);
    for (Commit commit : commits) {
      bytes += commit.bytes();
    }
    return bytes;
  }
}
