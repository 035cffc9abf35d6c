package io.kubekv.etcd;

/** What sending a transaction came to. */
sealed interface Round {
  /** It happened. */
  record Done(PendingWrite.Seen seen) implements Round {}

  /** It did not happen and never will: something is not as it was decided on. */
  record Again(View view) implements Round {}

  /** It did not happen: the lease that it names has ended. */
  record LeaseEnded() implements Round {}
}
