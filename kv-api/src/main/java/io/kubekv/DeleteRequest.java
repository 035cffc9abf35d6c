package io.kubekv;

/**
 * A delete of one entry. A key without an entry is refused as missing.
 *
 * @param key the key
 * @param precondition what must hold of the current entry
 * @param layout with {@link Layout#TREE} a directory is refused unless {@code directory}; with
 *     {@link Layout#NODES} whatever has keys below it
 * @param directory tree only: an empty directory may be deleted, one with entries is refused
 * @param author who makes it; in a transaction that of the transaction counts
 */
public record DeleteRequest(
    Key key, Precondition precondition, Layout layout, boolean directory, Author author) {
  /** A delete of which nobody says who makes it. */
  public DeleteRequest(Key key, Precondition precondition, Layout layout, boolean directory) {
    this(key, precondition, layout, directory, Author.NONE);
  }

  /** An unconditional flat delete. */
  public static DeleteRequest of(Key key) {
    return new DeleteRequest(key, Precondition.NONE, Layout.FLAT, false);
  }

  public DeleteRequest withPrecondition(Precondition newPrecondition) {
    return new DeleteRequest(key, newPrecondition, layout, directory, author);
  }

  /** A tree delete of a value. */
  public DeleteRequest inTree() {
    return new DeleteRequest(key, precondition, Layout.TREE, false, author);
  }

  /** A tree delete of a value or an empty directory. */
  public DeleteRequest orDirectory() {
    return new DeleteRequest(key, precondition, Layout.TREE, true, author);
  }

  /** A delete of a node that has none below it. */
  public DeleteRequest asNode() {
    return new DeleteRequest(key, precondition, Layout.NODES, false, author);
  }

  /** The same by somebody. */
  public DeleteRequest withAuthor(Author newAuthor) {
    return new DeleteRequest(key, precondition, layout, directory, newAuthor);
  }

  /** Whether its outcome tells if anything is below the key. */
  public boolean tellsOfBelow() {
    return directory || layout == Layout.NODES;
  }

  /** The cause that the change will carry. */
  public Cause cause() {
    return switch (precondition) {
      case Precondition.None none -> Cause.DELETE;
      case Precondition.Absent absent -> Cause.DELETE;
      case Precondition.Present present -> Cause.DELETE;
      case Precondition.RevisionIs is -> Cause.COMPARE_AND_DELETE;
      case Precondition.ValueIs is -> Cause.COMPARE_AND_DELETE;
      case Precondition.RevisionAndValueAre are -> Cause.COMPARE_AND_DELETE;
      case Precondition.VersionIs is -> Cause.COMPARE_AND_DELETE;
    };
  }
}
