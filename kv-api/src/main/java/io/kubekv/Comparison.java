package io.kubekv;

import java.util.Iterator;

/**
 * What a choice in a transaction asks of the state ({@link TransactionOperation.Choice}): etcd v3's
 * comparisons. It holds when it holds of every entry of the range. Where there is none, it is as if
 * there were one whose numbers are zero; of its value nothing holds.
 *
 * @param range the entries that are asked about; for one key, {@link Range.Exact}
 * @param subject what of them, and with what it is compared
 * @param relation how the entry's is to be to what is given here
 */
public record Comparison(Range range, Subject subject, Relation relation) {
  /** How one is to another. */
  public enum Relation {
    EQUAL,
    NOT_EQUAL,
    GREATER,
    LESS;

    private boolean holds(int order) {
      return switch (this) {
        case EQUAL -> order == 0;
        case NOT_EQUAL -> order != 0;
        case GREATER -> order > 0;
        case LESS -> order < 0;
      };
    }
  }

  /** What of an entry is compared. */
  public sealed interface Subject {}

  /** The value, compared as unsigned bytes. */
  public record Value(Bytes value) implements Subject {}

  /** The number of puts since the entry was made; zero is that of no entry. */
  public record Version(long version) implements Subject {}

  /** The revision at which the entry was made; {@link Revision#ZERO} is that of no entry. */
  public record CreateRevision(Revision revision) implements Subject {}

  /** The revision of the last change; {@link Revision#ZERO} is that of no entry. */
  public record ModifyRevision(Revision revision) implements Subject {}

  /**
   * The session that the entry is attached to (etcd v3's lease), in the order of their ids. No
   * entry, and one that is attached to none, is as if it were attached to {@code none}: so whoever
   * compares says where that stands in the order, and asks for it.
   *
   * @param session an id, also of a session that does not live
   * @param none the id of no session; {@link SessionId#ZEROS} is before all others
   */
  public record AttachedTo(SessionId session, SessionId none) implements Subject {}

  /** Compares something of one key. */
  public static Comparison of(Key key, Subject subject, Relation relation) {
    return new Comparison(new Range.Exact(key), subject, relation);
  }

  /**
   * Whether it holds. Takes no more of the entries than it needs: the first of which it does not
   * hold is the last.
   *
   * @param entries all that the range has
   */
  public boolean holds(Iterator<Entry> entries) {
    if (!entries.hasNext()) {
      return holdsOfNothing();
    }
    boolean holds = true;
    while (holds && entries.hasNext()) {
      holds = holds(entries.next());
    }
    return holds;
  }

  private boolean holds(Entry entry) {
    return relation.holds(
        switch (subject) {
          case Value value -> entry.value().compareTo(value.value());
          case Version version -> Long.compare(entry.version(), version.version());
          case CreateRevision created -> entry.createRevision().compareTo(created.revision());
          case ModifyRevision modified -> entry.modifyRevision().compareTo(modified.revision());
          case AttachedTo to -> entry.attachedTo().orElse(to.none()).compareTo(to.session());
        });
  }

  private boolean holdsOfNothing() {
    return switch (subject) {
      case Value value -> false;
      case Version version -> relation.holds(Long.compare(0, version.version()));
      case CreateRevision created -> relation.holds(Revision.ZERO.compareTo(created.revision()));
      case ModifyRevision modified -> relation.holds(Revision.ZERO.compareTo(modified.revision()));
      case AttachedTo to -> relation.holds(to.none().compareTo(to.session()));
    };
  }

  /** How many bytes the value has that it brings. */
  public long valueBytes() {
    return subject instanceof Value value ? value.value().size() : 0;
  }
}
