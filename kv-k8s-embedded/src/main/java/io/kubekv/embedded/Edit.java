package io.kubekv.embedded;

import org.jspecify.annotations.Nullable;

/**
 * What a request wants to make of one object, as a function of what the object is.
 *
 * <p>It may be asked more than once, on any thread: first with the published state, and again by
 * the writer thread when the object has changed meanwhile. It must be pure and must not block.
 */
@FunctionalInterface
interface Edit {

  /**
   * What is to be done with an object in a state.
   *
   * @param current the object's state; null when it does not exist
   * @throws ApiException when the request is refused in that state
   */
  Decision decide(@Nullable Version current);

  /** What is to be done. */
  sealed interface Decision {

    /**
     * Store this state; {@code template} is {@link ObjectJson#template}'s, still without a
     * revision.
     */
    record Put(byte[] template) implements Decision {}

    /** Delete the object. */
    record Remove() implements Decision {}

    /** Change nothing: the object is as wanted, or this is a dry run, whose outcome this shows. */
    record Keep(Version shown) implements Decision {}
  }
}
