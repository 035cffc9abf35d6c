package io.kubekv.k8s.view;

import io.kubekv.Revision;
import java.util.Optional;

/**
 * What became of an edit: the object's condition and a Kubernetes Event say it.
 *
 * @param applied whether it became a change of the key
 * @param reason in one word, as conditions have it
 * @param message for people; without values
 * @param put the revision of the key that it made
 */
record Verdict(boolean applied, String reason, String message, Optional<Revision> put) {
  /** The type of the condition. */
  static final String CONDITION = "EditApplied";

  static Verdict applied(String message) {
    return new Verdict(true, "Applied", message, Optional.empty());
  }

  /** The key was put. */
  static Verdict put(Revision revision) {
    String message = "the edit is revision " + revision + " of the store";
    return new Verdict(true, "Applied", message, Optional.of(revision));
  }

  static Verdict refused(String reason, String message) {
    return new Verdict(false, reason, message, Optional.empty());
  }

  Verdict withMessage(String other) {
    return new Verdict(applied, reason, other, put);
  }
}
