package io.kubekv.k8s;

import io.kubekv.Revision;

/**
 * Which write made an object's content.
 *
 * <p>Seeing a write's id in an object proves that the write was applied. But others keep the id
 * when they edit the object: the object as it stands <em>is</em> that write's result only if the
 * object stood at {@code basedOn} directly before.
 *
 * @param id unique to one write: letters, digits, {@code -}, {@code _}, at most 64
 * @param basedOn the revision of the object that the write replaced, {@link Revision#ZERO} when it
 *     made a new object
 */
record WriteId(String id, Revision basedOn) {
  WriteId {
    if (!isId(id)) {
      throw new IllegalArgumentException("a write id is not 1 to 64 of A-Z a-z 0-9 - _");
    }
  }

  /** The write that makes a new object. */
  static WriteId creating(String id) {
    return new WriteId(id, Revision.ZERO);
  }

  /** {@link IllegalArgumentException} when it is none. */
  static WriteId parse(String text) {
    int at = text.indexOf('@');
    if (at < 0) {
      throw new IllegalArgumentException("spec.writeId is not ID@REVISION");
    }
    return new WriteId(text.substring(0, at), Revision.parse(text.substring(at + 1)));
  }

  /** The form in {@code spec.writeId}. */
  String text() {
    return id + "@" + basedOn;
  }

  private static boolean isId(String id) {
    return !id.isEmpty() && id.length() <= 64 && id.chars().allMatch(WriteId::isAllowed);
  }

  private static boolean isAllowed(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_';
  }
}
