package io.kubekv.k8s.lease;

import java.util.Map;

/**
 * Hears when this process gets and loses the lease. Called one call at a time, on the thread that
 * renews: it must return at once, and not call {@link Leadership} back.
 */
interface LeadershipListener {
  /**
   * The lease was got, its request answered. Nothing may be answered yet: a barrier written after
   * this call must come back first.
   *
   * @param annotations the Lease's, as the former holder left them
   */
  void acquired(Term term, Map<String, String> annotations);

  /**
   * The term has ended. It was invalid before this call, by up to a renew interval: safety rests on
   * {@link Term#isValid}, not on this.
   */
  void lost(Term term, String why);
}
