package io.kubekv.k8s.lease;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A Lease object as the API showed it, or as it is to become.
 *
 * @param version changes with every change of the object; opaque, empty for one to be created
 * @param holder who holds it, absent when it was released
 * @param duration how long others must wait for a renewal
 * @param acquired when the holder got it, by the holder's wall clock: for people
 * @param renewed when the holder renewed it, by the holder's wall clock: for people
 * @param transitions how often the holder changed
 * @param labels others' labels, kept
 * @param annotations ours and others'
 */
record LeaseState(
    String version,
    Optional<String> holder,
    Duration duration,
    Instant acquired,
    Instant renewed,
    int transitions,
    Map<String, String> labels,
    Map<String, String> annotations) {
  LeaseState {
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
  }

  /** A lease that nobody has held yet. */
  static LeaseState vacant(Instant now) {
    return new LeaseState("", Optional.empty(), Duration.ZERO, now, now, 0, Map.of(), Map.of());
  }

  boolean isHeldBy(String identity) {
    return holder.equals(Optional.of(identity));
  }

  /** The same object, taken by {@code identity}. */
  LeaseState takenBy(String identity, Duration length, Instant now, Map<String, String> notes) {
    int changes = transitions + (isHeldBy(identity) ? 0 : 1);
    return new LeaseState(
        version, Optional.of(identity), length, now, now, changes, labels, with(notes));
  }

  /** The same object, renewed by its holder. */
  LeaseState renewed(Duration length, Instant now, Map<String, String> notes) {
    return new LeaseState(version, holder, length, acquired, now, transitions, labels, with(notes));
  }

  /** The same object, let go: anybody may take it at once. */
  LeaseState released(Instant now) {
    return new LeaseState(
        version, Optional.empty(), duration, acquired, now, transitions, labels, annotations);
  }

  private Map<String, String> with(Map<String, String> notes) {
    Map<String, String> all = new HashMap<>(annotations);
    all.putAll(notes);
    return all;
  }
}
