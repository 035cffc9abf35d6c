package io.kubekv.etcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.KeyValue;
import io.kubekv.Revision;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Optional;

/**
 * The lock delay of a key, as it stands in etcd. Each process counts it from when it has seen it,
 * which is after the end that it began with; a lease removes it some time after it is over.
 *
 * @param length how long the key cannot be acquired
 * @param since the revision at which it began
 */
record DelayRecord(Duration length, Revision since) {
  static ByteString encode(Duration length) {
    return new Header().with("delay", length).before(ByteString.EMPTY);
  }

  /** What no store has written delays nothing. */
  static DelayRecord decode(KeyValue stored) {
    Revision since = new Revision(stored.getModRevision());
    try {
      Optional<Duration> length =
          Header.read(stored.getValue())
              .flatMap(read -> read.header().get("delay", Duration::parse));
      return new DelayRecord(length.orElse(Duration.ZERO), since);
    } catch (DateTimeException notOurs) {
      return new DelayRecord(Duration.ZERO, since);
    }
  }
}
