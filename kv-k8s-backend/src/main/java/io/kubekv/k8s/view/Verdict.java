package io.kubekv.k8s.view;

/**
 * What became of an edit: the object's condition and a Kubernetes Event say it.
 *
 * @param applied whether it became a change of the key
 * @param reason in one word, as conditions have it
 * @param message for people; without values
 */
record Verdict(boolean applied, String reason, String message) {
  /** The type of the condition. */
  static final String CONDITION = "EditApplied";

  static Verdict applied(String message) {
    return new Verdict(true, "Applied", message);
  }

  static Verdict refused(String reason, String message) {
    return new Verdict(false, reason, message);
  }
}
