package io.kubekv.e2e.faults.load;

import io.kubekv.e2e.faults.history.Result;
import io.kubekv.e2e.faults.history.Sight;

/**
 * What an answer to a call on a key tells.
 *
 * @param seen as in an operation
 * @param revision of the change, 0 where it is not told
 */
record Answer(Result result, Sight seen, long revision) {
  static final Answer UNKNOWN = new Answer(Result.UNKNOWN, Sight.NONE, 0);
  static final Answer FAILED = new Answer(Result.FAILED, Sight.NONE, 0);
  static final Answer REFUSED = new Answer(Result.REFUSED, Sight.NONE, 0);
  static final Answer DONE = new Answer(Result.DONE, Sight.NONE, 0);

  static Answer read(Sight seen) {
    return new Answer(Result.DONE, seen, 0);
  }
}
