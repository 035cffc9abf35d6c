package io.kubekv.engine.history;

import io.kubekv.Revision;
import io.kubekv.engine.state.State;
import java.util.List;

/**
 * The two states between the pages' that were made again last. Who follows the history asks for one
 * revision after the other, and for the one before each: the next is made from the last, by one
 * commit, and not from the beginning of its page. Thread-safe; who comes at the same time as others
 * makes more himself.
 */
final class Remade {
  private volatile List<One> last = List.of();

  private record One(Page page, State state) {
    boolean leadsTo(Page other, Revision revision) {
      return page == other && !state.revision().isAfter(revision);
    }
  }

  /** The state as it stood at a revision of a page. */
  @SuppressWarnings("ReferenceEquality") // an equal one costs more to find out than to keep
  State at(Page page, Revision revision) {
    List<One> known = last;
    State from = page.before();
    for (One one : known) {
      if (one.leadsTo(page, revision) && one.state().revision().isAfter(from.revision())) {
        from = one.state();
      }
    }
    State made = page.at(revision, from);
    if (known.stream().noneMatch(one -> one.state() == made)) {
      One newest = new One(page, made);
      last = known.isEmpty() ? List.of(newest) : List.of(newest, known.getFirst());
    }
    return made;
  }

  /** Holds on to nothing: to be called after a page is forgotten. */
  void forget() {
    last = List.of();
  }
}
