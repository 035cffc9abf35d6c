package io.kubekv;

/**
 * Who made a change, and by which door. For people who ask where a value comes from: nothing is
 * decided by it. What is too long is cut and marked, never refused.
 *
 * @param door the API that was called, such as {@code etcd-v2}; at most {@value #MOST_DOOR_BYTES}
 *     bytes; empty where it is not known
 * @param user the name of the user; at most {@value #MOST_USER_BYTES} bytes; empty where users have
 *     no names
 */
public record Author(String door, String user) {
  /** Nobody: what happens by itself, or of what nobody said who it was. */
  public static final Author NONE = new Author("", "");

  static final int MOST_DOOR_BYTES = 32;
  static final int MOST_USER_BYTES = 128;

  private static final String MARK = "…";

  public Author {
    door = cut(door, MOST_DOOR_BYTES);
    user = cut(user, MOST_USER_BYTES);
  }

  /** Whether nothing is known. */
  public boolean isNone() {
    return door.isEmpty() && user.isEmpty();
  }

  /** How many bytes its texts have. */
  public int bytes() {
    return bytes(door) + bytes(user);
  }

  private static String cut(String text, int most) {
    if (bytes(text) <= most) {
      return text;
    }
    int room = most - bytes(MARK);
    int end = 0;
    while (end < text.length()) {
      int next = text.codePointAt(end);
      room -= bytes(next);
      if (room < 0) {
        break;
      }
      end += Character.charCount(next);
    }
    return text.substring(0, end) + MARK;
  }

  private static int bytes(String text) {
    int bytes = 0;
    int next;
    for (int i = 0; i < text.length(); i += Character.charCount(next)) {
      next = text.codePointAt(i);
      bytes += bytes(next);
    }
    return bytes;
  }

  /** As UTF-8. */
  private static int bytes(int codePoint) {
    return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
  }
}
