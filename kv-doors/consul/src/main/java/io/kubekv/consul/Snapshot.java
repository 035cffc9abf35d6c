package io.kubekv.consul;

import io.kubekv.Revision;
import java.util.function.Supplier;

/**
 * What a read found.
 *
 * @param index what the answer says in {@code X-Consul-Index}
 * @param isExact whether {@code index} is that of the last change; otherwise that change was at it
 *     or before
 * @param state the revision of the state that was read
 * @param content tells answers apart that show different things, where {@code index} does not
 * @param response the answer without its index
 */
record Snapshot(
    Revision index, boolean isExact, Revision state, int content, Supplier<Response> response) {
  /** What is known to have changed last at {@code index}. */
  static Snapshot exact(Revision index, Revision state, Supplier<Response> response) {
    return new Snapshot(index, true, state, 0, response);
  }

  /** What may have changed at any time up to {@code state}. */
  static Snapshot upTo(Revision state, int content, Supplier<Response> response) {
    return new Snapshot(state, false, state, content, response);
  }
}
