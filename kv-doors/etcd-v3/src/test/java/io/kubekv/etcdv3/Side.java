package io.kubekv.etcdv3;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Whom the tests ask: both must answer the same. Each is started once and asked by all. */
enum Side {
  KUBEKV,
  ETCD;

  private static final AtomicLong NEXT = new AtomicLong(1000);

  private @Nullable Served served;

  /** Skips the test where the real one is missing. */
  synchronized Served served() {
    Served known = served;
    if (known == null) {
      known = this == ETCD ? Served.etcd() : Served.kubekv();
      served = known;
      Served started = known;
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    try {
                      started.close();
                    } catch (Exception stopping) {
                      // the process ends
                    }
                  }));
    }
    return known;
  }

  /** What no other test uses: the number of a lease, or a part of keys. */
  static long fresh() {
    return NEXT.incrementAndGet();
  }
}
