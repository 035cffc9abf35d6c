package io.kubekv.etcd.lease;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.TxnResponse;
import io.kubekv.engine.log.SharedLease;
import io.kubekv.etcd.api.EtcdClient;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A lease on etcd: a key that only one can create, attached to a lease of etcd that its holder
 * keeps alive. {@link RunningTerm} says how long a term is sure. Thread-safe.
 */
public final class EtcdLease implements SharedLease {
  /** How often in a term it is kept alive, and looked at. */
  private static final int ROUNDS = 4;

  private static final Duration LONGEST_ROUND = Duration.ofSeconds(2);
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final EtcdClient client;
  private final LeaseKey key;
  private final LongSupplier ticker;
  private final LeaseThread thread = new LeaseThread();
  private final KeyWatch watch;
  private final Told told = new Told();
  private final Sightings sightings;
  private final CountDownLatch released = new CountDownLatch(1);
  private @Nullable Held held;
  private long left;
  private boolean looking;
  private boolean closed;

  /** The lease that is had, or was asked for. */
  private record Held(long lease, RunningTerm term) {}

  /**
   * @param client is closed with the lease; one of its own, so that nothing large is in its way
   * @param key the key
   * @param self what the key says of this process while it has the lease
   * @param life after what time without it another may have the lease; whole seconds, at least 2
   */
  public EtcdLease(EtcdClient client, ByteString key, Holder self, Duration life) {
    this(client, key, self, life, System::nanoTime);
  }

  /**
   * @param ticker nanoseconds of a clock that never goes back
   */
  EtcdLease(EtcdClient client, ByteString key, Holder self, Duration life, LongSupplier ticker) {
    this.client = client;
    this.key = new LeaseKey(client, key, self, life);
    this.ticker = ticker;
    this.sightings = new Sightings(life, ticker);
    this.watch = new KeyWatch(client, key, thread, this::look);
  }

  @Override
  public void compete(Listener newListener) {
    thread.run(
        () -> {
          told.to(newListener);
          round();
        });
  }

  /** What happens again and again, with the lease and without it; whatever goes wrong in it. */
  private void round() {
    if (closed) {
      return;
    }
    Duration pause = key.life().dividedBy(ROUNDS);
    thread.after(pause.compareTo(LONGEST_ROUND) < 0 ? pause : LONGEST_ROUND, this::round);
    Held now = held;
    if (now != null && !now.term().isValid()) {
      long seconds = key.life().toSeconds();
      lose("etcd has not kept the lease of this replica alive for " + seconds + " s");
    } else if (now != null) {
      keepAlive(now);
    }
    look();
  }

  /** Asks, and goes on with the answer or without; what is thrown instead of it is none. */
  private <T> void ask(Supplier<CompletableFuture<T>> request, Consumer<T> use, Runnable none) {
    var unused =
        CompletableFuture.completedFuture(request)
            .thenCompose(Supplier::get)
            .whenComplete(
                (what, failure) -> thread.run(failure == null ? () -> use.accept(what) : none));
  }

  @SuppressWarnings("ReferenceEquality") // the same term
  private void keepAlive(Held now) {
    long sent = ticker.getAsLong();
    ask(
        () -> client.keepAlive(now.lease()),
        left -> {
          if (held == now && left.isZero()) {
            lose("etcd has ended the lease of this replica");
          } else {
            now.term().prolong(sent);
          }
        },
        client::reconnect);
  }

  /** Looks who has the lease, takes it if nobody does, and watches for that. */
  private void look() {
    if (looking || closed) {
      return;
    }
    looking = true;
    long asked = ticker.getAsLong();
    ask(key::look, answer -> looked(answer, asked), this::noAnswer);
  }

  private void noAnswer() {
    looking = false;
    client.reconnect();
    thread.after(PAUSE, this::look);
  }

  private void looked(RangeResponse answer, long asked) {
    looking = false;
    if (closed) {
      return;
    }
    Optional<KeyValue> there = answer.getKvsList().stream().findFirst();
    Held now = held;
    boolean ours = now != null && there.filter(kv -> kv.getLease() == now.lease()).isPresent();
    sightings.looked(there, ours, asked);
    if (now != null && !ours) {
      lose("the key of the lease was deleted or taken by somebody else");
    } else if (now == null && there.isEmpty()) {
      take();
    } else if (now == null) {
      told.has(HolderText.decode(there.get().getValue()));
      if (there.get().getLease() == left && left != 0) {
        revoke(left); // lost here, and etcd could not be told
      }
    }
    watch.from(answer.getHeader().getRevision() + 1);
  }

  private void take() {
    looking = true;
    long sent = ticker.getAsLong();
    ask(key::grant, lease -> put(lease, sent), this::noAnswer);
  }

  private void put(long lease, long sent) {
    ask(
        () -> key.create(lease),
        answer -> answered(answer, lease, sent),
        () -> {
          noAnswer();
          revoke(lease);
        });
  }

  private void answered(TxnResponse answer, long lease, long sent) {
    looking = false;
    RunningTerm term = new RunningTerm(sent, key.life(), ticker);
    if (!answer.getSucceeded() || closed || !term.isValid()) {
      revoke(lease);
      return;
    }
    held = new Held(lease, term);
    sightings.seen(key.self(), true, sent);
    told.taken(term);
  }

  private void lose(String reason) {
    Held before = held;
    held = null;
    if (before != null) {
      before.term().end();
      left = before.lease();
      revoke(left);
      thread.after(PAUSE, this::look);
      told.lost(reason);
    }
  }

  private void revoke(long lease) {
    var unused = client.revoke(lease);
  }

  @Override
  public Holder self() {
    return key.self();
  }

  @Override
  public Optional<Sighting> seen() {
    return sightings.last();
  }

  /** Looks once: the key's watch tells of its end by itself. */
  @Override
  public void hurry() {
    thread.run(this::look);
  }

  /**
   * Waits until others have been told that it is given up, after {@link #close}.
   *
   * @return false when that takes longer than {@code patience}
   */
  public boolean awaitRelease(Duration patience) throws InterruptedException {
    return released.await(patience.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Others have the lease at once; its time does that when etcd cannot be told. */
  @Override
  public void close() {
    thread.run(
        () -> {
          if (closed) {
            return;
          }
          closed = true;
          watch.close();
          Held before = held;
          held = null;
          told.end();
          if (before == null) {
            end();
          } else {
            before.term().end();
            ask(() -> client.revoke(before.lease()), revoked -> end(), this::end);
          }
        });
  }

  private void end() {
    client.close();
    thread.stop();
    released.countDown();
  }
}
