package io.kubekv.e2e;

import java.util.List;
import java.util.Optional;

/**
 * A key that only one writer writes, with what its history says it must hold. Not safe for use by
 * several threads at once.
 */
final class KnownKey {
  /**
   * What the key may hold.
   *
   * @param value empty when the key is absent
   * @param index the index that the change was acknowledged with; 0 while it has not been
   */
  record State(Optional<String> value, long index) {}

  private static final State ABSENT = new State(Optional.empty(), 0);

  private final String path;
  private List<State> possible = List.of(ABSENT);

  KnownKey(String path) {
    this.path = path;
  }

  String path() {
    return path;
  }

  /** What the last acknowledgement or restart showed. */
  State known() {
    return possible.getFirst();
  }

  /**
   * A change has been sent: from now on its result is possible as well. The next change must wait
   * for its acknowledgement or a restart.
   */
  void attempted(Optional<String> value) {
    if (possible.size() > 1) {
      throw new IllegalStateException(path + " has a change in flight already");
    }
    possible = List.of(known(), new State(value, 0));
  }

  /** The change was acknowledged: nothing else is possible any more. */
  void acknowledged(Optional<String> value, long index) {
    possible = List.of(new State(value, index));
  }

  /**
   * Compares with what the store holds after a restart, which is certain from then on. The answer
   * is what is wrong, in words.
   */
  Optional<String> found(Optional<String> value, long index) {
    List<State> before = possible;
    possible = List.of(new State(value, index));
    for (State state : before) {
      boolean sameIndex = state.index() == 0 || value.isEmpty() || state.index() == index;
      if (state.value().equals(value) && sameIndex) {
        return Optional.empty();
      }
    }
    return Optional.of(
        path + " holds " + words(value) + " at index " + index + ", possible were " + before);
  }

  private static String words(Optional<String> value) {
    return value.map(text -> text.substring(0, Math.min(text.length(), 40))).orElse("nothing");
  }
}
