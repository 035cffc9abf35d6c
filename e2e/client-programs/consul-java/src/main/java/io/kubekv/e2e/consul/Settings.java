package io.kubekv.e2e.consul;

import java.util.Optional;

/**
 * A session to be made.
 *
 * @param name empty for none
 * @param ttl empty for none
 * @param lockDelay in seconds
 */
record Settings(String name, String ttl, Optional<String> behavior, int lockDelay, Optional<String> node, Optional<String> check) {
  /** A session of usual settings. Lock delay is stated: one of the clients sends 0 when it is not. */
  static final Settings USUAL = new Settings("", "", Optional.empty(), 15, Optional.empty(), Optional.empty());

  Settings named(String text) {
    return new Settings(text, ttl, behavior, lockDelay, node, check);
  }

  Settings lasting(String time) {
    return new Settings(name, time, behavior, lockDelay, node, check);
  }

  Settings deleting() {
    return new Settings(name, ttl, Optional.of("delete"), lockDelay, node, check);
  }

  Settings delaying(int seconds) {
    return new Settings(name, ttl, behavior, seconds, node, check);
  }

  Settings onNode(String text) {
    return new Settings(name, ttl, behavior, lockDelay, Optional.of(text), check);
  }

  Settings checkedBy(String text) {
    return new Settings(name, ttl, behavior, lockDelay, node, Optional.of(text));
  }
}
