package io.kubekv.etcdv3.call;

import io.kubekv.KeyValueStore;
import io.kubekv.transport.limits.Room;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What the services need.
 *
 * @param store the store as the caller of the current gRPC call may see it
 * @param whole the store itself, for what is nobody's: whether it is ready
 * @param members the replicas
 * @param logins empty where nobody logs in
 * @param threads may wait: virtual ones
 * @param timer runs what is due; what it runs is short
 * @param nanoTime a clock that never goes back
 * @param progress how often a quiet watch that asked for it is told how far it has come
 * @param room for what is large, all clients' together
 */
public record Setup(
    Supplier<KeyValueStore> store,
    KeyValueStore whole,
    Members members,
    Optional<Logins> logins,
    Executor threads,
    ScheduledExecutorService timer,
    LongSupplier nanoTime,
    Duration progress,
    Room room) {
  /** etcd's own interval between notes on the progress of a watch that asked for them. */
  public static final Duration PROGRESS = Duration.ofMinutes(10);
}
