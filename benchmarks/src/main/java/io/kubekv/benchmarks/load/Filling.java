package io.kubekv.benchmarks.load;

import java.io.IOException;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;

/** Writes each key once, before a load works on them. */
public final class Filling {
  private static final int CLIENTS = 64;

  private Filling() {}

  /** Blocks until all are written, by many clients at once. */
  public static LoadDriver.Outcome fill(Client.Connector connector, Keys keys) throws IOException {
    AtomicInteger starts = new AtomicInteger();
    AtomicInteger next = new AtomicInteger();
    Workload each =
        random -> {
          int key = next.getAndIncrement();
          return new Operation.Put(keys.name(key), keys.value());
        };
    Pace once =
        new Pace() {
          @Override
          public OptionalLong next() {
            return starts.getAndIncrement() < keys.count()
                ? OptionalLong.of(Ticker.SYSTEM.nanos())
                : OptionalLong.empty();
          }

          @Override
          public long unsent() {
            return 0;
          }
        };
    int clients = Math.min(CLIENTS, keys.count());
    return new LoadDriver(Ticker.SYSTEM, clients, connector, each, 0).run(() -> once);
  }
}
