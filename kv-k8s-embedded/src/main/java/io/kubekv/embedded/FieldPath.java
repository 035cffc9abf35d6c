package io.kubekv.embedded;

/**
 * Where a walk through an object stands, such as {@code spec.items[2].name}. One instance is moved
 * along by the walk, because most walks end without anybody asking for the text. Not thread safe.
 */
final class FieldPath {
  private final StringBuilder text = new StringBuilder(64);

  /** Steps into a property; returns the mark for {@link #leave}. */
  int enter(String property) {
    int mark = text.length();
    if (mark > 0) {
      text.append('.');
    }
    text.append(property);
    return mark;
  }

  /** Steps into an array element; returns the mark for {@link #leave}. */
  int enter(int index) {
    int mark = text.length();
    text.append('[').append(index).append(']');
    return mark;
  }

  /** Steps back to where {@code enter} stood. */
  void leave(int mark) {
    text.setLength(mark);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
