package io.kubekv.etcd;

import io.kubekv.SessionBehavior;
import io.kubekv.SessionSpec;
import java.time.Duration;
import java.util.Optional;

/**
 * What the session that acquired a key has said about its own end; kept with the entry, because
 * when it is needed the session is gone.
 *
 * @param behavior whether the key is released or deleted
 * @param lockDelay for how long it cannot be acquired then
 */
record HolderTerms(SessionBehavior behavior, Duration lockDelay) {
  static HolderTerms of(SessionSpec spec) {
    return new HolderTerms(spec.behavior(), spec.boundedLockDelay());
  }

  void encode(Header header) {
    header.with("end", behavior).with("delay", lockDelay);
  }

  static Optional<HolderTerms> decode(Header header) {
    return header
        .get("end", SessionBehavior::valueOf)
        .map(
            behavior ->
                new HolderTerms(
                    behavior, header.get("delay", Duration::parse).orElse(Duration.ZERO)));
  }
}
