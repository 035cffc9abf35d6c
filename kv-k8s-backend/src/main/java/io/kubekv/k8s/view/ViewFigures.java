package io.kubekv.k8s.view;

import io.kubekv.Revision;
import java.time.Duration;

/**
 * How the view is at one moment.
 *
 * @param revision everything up to here is shown
 * @param lag for how long the first change that is not shown has waited
 * @param keys how many keys are shown
 * @param hidden about how many are not, for there are more than may be shown
 * @param problem why it does not go on; empty when it does
 */
public record ViewFigures(Revision revision, Duration lag, int keys, long hidden, String problem) {
  static final ViewFigures NONE = new ViewFigures(Revision.ZERO, Duration.ZERO, 0, 0, "");
}
