package io.kubekv.etcd.lease;

import io.etcd.jetcd.api.KeyValue;
import io.kubekv.engine.log.SharedLease.Holder;
import io.kubekv.engine.log.SharedLease.Sighting;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What was seen last of the lease. One thread notes, any thread asks. */
final class Sightings {
  private final Duration life;
  private final LongSupplier ticker;
  private volatile @Nullable Seen last;

  private record Seen(Holder holder, boolean ours, long asked) {}

  Sightings(Duration life, LongSupplier ticker) {
    this.life = life;
    this.ticker = ticker;
  }

  /**
   * Somebody has it.
   *
   * @param asked when that was asked for, by the ticker
   */
  void seen(Holder holder, boolean ours, long asked) {
    last = new Seen(holder, ours, asked);
  }

  /**
   * What a look has found.
   *
   * @param key of the lease; empty while nobody has it
   */
  void looked(Optional<KeyValue> key, boolean ours, long asked) {
    last = key.map(kv -> new Seen(HolderText.decode(kv.getValue()), ours, asked)).orElse(null);
  }

  Optional<Sighting> last() {
    Seen seen = last;
    return seen == null
        ? Optional.empty()
        : Optional.of(
            new Sighting(
                seen.holder(),
                seen.ours(),
                life,
                Duration.ofNanos(Math.max(0, ticker.getAsLong() - seen.asked()))));
  }
}
