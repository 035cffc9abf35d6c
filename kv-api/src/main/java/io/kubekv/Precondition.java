package io.kubekv;

import java.util.Optional;

/** What must hold of a key's current entry for a change to happen; checked atomically with it. */
@SuppressWarnings("ClassInitializationDeadlock") // nobody else makes the three
public sealed interface Precondition {
  /** Nothing: the change always happens. */
  record None() implements Precondition {}

  /** The key has no entry. */
  record Absent() implements Precondition {}

  /** The key has an entry. */
  record Present() implements Precondition {}

  /** The key has an entry whose modify revision is this one. */
  record RevisionIs(Revision revision) implements Precondition {}

  /** The key has an entry whose value is this one. */
  record ValueIs(Bytes value) implements Precondition {}

  /** Both of the above. */
  record RevisionAndValueAre(Revision revision, Bytes value) implements Precondition {}

  /** The key has an entry whose version is this one. */
  record VersionIs(long version) implements Precondition {}

  Precondition NONE = new None();
  Precondition ABSENT = new Absent();
  Precondition PRESENT = new Present();

  /**
   * Why a change under this precondition is refused, empty when it may happen.
   *
   * @param current the key's entry
   * @param at the revision of the state that {@code current} comes from
   */
  default Optional<Refused> refusal(Optional<Entry> current, Revision at) {
    return switch (this) {
      case None none -> Optional.empty();
      case Absent absent -> current.map(entry -> Refused.of(Refused.Reason.EXISTS, entry, at));
      case Present present -> missing(current, at);
      case RevisionIs is -> changed(current, at, revisionIs(current, is.revision()));
      case ValueIs is -> changed(current, at, valueIs(current, is.value()));
      case RevisionAndValueAre are ->
          changed(
              current, at, revisionIs(current, are.revision()) && valueIs(current, are.value()));
      case VersionIs is -> changed(current, at, versionIs(current, is.version()));
    };
  }

  private static Optional<Refused> missing(Optional<Entry> current, Revision at) {
    return current.isPresent()
        ? Optional.empty()
        : Optional.of(new Refused(Refused.Reason.MISSING, Optional.empty(), at));
  }

  private static Optional<Refused> changed(Optional<Entry> current, Revision at, boolean holds) {
    if (current.isEmpty()) {
      return missing(current, at);
    }
    return holds
        ? Optional.empty()
        : Optional.of(Refused.of(Refused.Reason.CHANGED, current.get(), at));
  }

  private static boolean revisionIs(Optional<Entry> current, Revision wanted) {
    return current.isPresent() && current.get().modifyRevision().equals(wanted);
  }

  private static boolean versionIs(Optional<Entry> current, long wanted) {
    return current.isPresent() && current.get().version() == wanted;
  }

  private static boolean valueIs(Optional<Entry> current, Bytes wanted) {
    return current.isPresent() && current.get().value().equals(wanted);
  }
}
