package io.kubekv;

/**
 * A delete of all that is in a range.
 *
 * @param range the keys
 * @param author who deletes them
 */
public record DeleteRangeRequest(Range range, Author author) {
  /** A delete of which nobody says who makes it. */
  public static DeleteRangeRequest of(Range range) {
    return new DeleteRangeRequest(range, Author.NONE);
  }

  /** The same by somebody. */
  public DeleteRangeRequest withAuthor(Author newAuthor) {
    return new DeleteRangeRequest(range, newAuthor);
  }
}
