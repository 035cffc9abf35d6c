package io.kubekv.consul;

import io.kubekv.Bytes;
import io.kubekv.Key;

/**
 * One operation of a transaction.
 *
 * @param position its place in the request, from 0
 * @param verb as the client wrote it
 * @param key may be empty, which is an error of its own
 * @param index unsigned
 */
record TxnOperation(
    int position, String verb, String key, Bytes value, long flags, long index, String session) {
  boolean writes() {
    return switch (verb) {
      case "set", "cas", "lock", "unlock", "delete", "delete-cas", "delete-tree" -> true;
      default -> false;
    };
  }

  /** The key, which must not be empty. */
  Key entryKey() {
    return Key.of(key);
  }
}
