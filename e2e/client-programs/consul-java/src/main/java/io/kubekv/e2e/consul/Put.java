package io.kubekv.e2e.consul;

import java.util.Optional;

/**
 * How to write.
 *
 * @param flags 0 for none given
 * @param acquire the session that is to hold the key
 * @param release the session that is to give it up
 */
record Put(long flags, Optional<Long> cas, Optional<String> acquire, Optional<String> release) {
  static final Put PLAIN = new Put(0, Optional.empty(), Optional.empty(), Optional.empty());

  static Put cas(long index) {
    return new Put(0, Optional.of(index), Optional.empty(), Optional.empty());
  }

  static Put acquire(String session) {
    return new Put(0, Optional.empty(), Optional.of(session), Optional.empty());
  }

  static Put release(String session) {
    return new Put(0, Optional.empty(), Optional.empty(), Optional.of(session));
  }

  Put withFlags(long number) {
    return new Put(number, cas, acquire, release);
  }

  Put withCas(long index) {
    return new Put(flags, Optional.of(index), acquire, release);
  }
}
