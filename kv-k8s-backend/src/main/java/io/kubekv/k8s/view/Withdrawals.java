package io.kubekv.k8s.view;

import io.kubekv.k8s.api.ApiCallException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/** The objects of keys that go on and are not to be shown. Belongs to the view's thread. */
final class Withdrawals {
  private final ObjectIndex index;
  private final ObjectWrites writes;
  private final WriteBudget budget;
  private final Edits edits;
  private final Attempts attempts;
  private final Queue<String> names = new ArrayDeque<>();

  Withdrawals(
      ObjectIndex index, ObjectWrites writes, WriteBudget budget, Edits edits, Attempts attempts) {
    this.index = index;
    this.writes = writes;
    this.budget = budget;
    this.edits = edits;
    this.attempts = attempts;
  }

  /** These are the ones, and no others. */
  void found(List<ViewObject> objects) {
    names.clear();
    objects.forEach(object -> names.add(object.name()));
  }

  /** Removes what the budget has room for. */
  void run() throws ApiCallException {
    for (int left = names.size(); left > 0 && budget.left() > 0; left--) {
      String name = names.element();
      if (attempts.isReady(name)) {
        attempts.run(name, () -> withdraw(name), () -> {});
      }
      names.remove();
      if (attempts.hasFailed(name)) {
        names.add(name);
      }
    }
  }

  private void withdraw(String name) throws ApiCallException {
    ViewObject object = index.get(name);
    if (object != null && !edits.isWaiting(name)) {
      writes.withdraw(object);
      edits.noteEdited(name);
    }
  }
}
