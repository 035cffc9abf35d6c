package io.kubekv.k8s;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One object, and one API call, for each change.
 *
 * <p>A write settles by its own event, by the event of the change that overtook it, or by being
 * reported unknown. The API's answers never settle it: an acceptance is waited out until the event
 * comes, a refusal until the index shows why.
 *
 * <p>A request without an answer is sent again only as it is: same write id, same base. Because a
 * replace names the revision that it replaces, at most one of them is applied; and because marked
 * objects are not removed for longer than a request lives, neither is a repeated create.
 */
final class ObjectCommitter implements Committer {
  private final WriteAttempt.Means means;
  private final Unsettled unsettled;

  ObjectCommitter(WriteAttempt.Means means, Unsettled unsettled) {
    this.means = means;
    this.unsettled = unsettled;
  }

  @Override
  public Outcome commit(Change change, Deadline deadline) {
    WriteAttempt attempt = new WriteAttempt(means, change, deadline);
    attempt.settlement().attend();
    unsettled.add(attempt.name(), attempt.settlement());
    try {
      return attempt.run();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw attempt.interrupted();
    } finally {
      unsettled.remove(attempt.name(), attempt.settlement());
    }
  }

  @Override
  public Optional<CompletableFuture<Outcome>> begin(Change change, Deadline deadline) {
    WriteAttempt attempt = new WriteAttempt(means, change, deadline);
    BegunWrite begun =
        new BegunWrite(attempt, () -> unsettled.remove(attempt.name(), attempt.settlement()));
    unsettled.add(attempt.name(), attempt.settlement());
    if (!begun.send()) {
      unsettled.remove(attempt.name(), attempt.settlement());
      return Optional.empty();
    }
    return Optional.of(begun.outcome());
  }
}
