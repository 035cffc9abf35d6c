package io.kubekv.etcd;

/**
 * Something that is to be decided on one state and carried out on the same.
 *
 * @param <T> the outcome
 */
interface Change<T> {
  /** Decides, again and again until etcd agrees with the facts; must not block. */
  Decision<T> decide(Facts facts);
}
