package io.kubekv.benchmarks.jmh;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.DeleteRequest;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.ListRequest;
import io.kubekv.Locking;
import io.kubekv.Precondition;
import io.kubekv.Prefix;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.SessionSpec;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import io.kubekv.engine.EngineStore;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The verbs of the port on one store. Each thread has a key of its own, and the same listings. */
@State(Scope.Benchmark)
public class StoreBenchmark {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** What keeps the entries. */
  @Param({"memory"})
  public String backend = "";

  /** Of a value, in bytes. */
  @Param({"100"})
  public int size;

  private final Backends backends = new Backends();
  private final AtomicInteger threads = new AtomicInteger();
  private KeyValueStore store = EngineStore.inMemory();
  private Bytes value = Bytes.EMPTY;

  @Setup
  public void open() throws IOException {
    store.close();
    store = backends.open(backend);
    value = Bytes.utf8("x".repeat(size));
    for (int count : new int[] {10, 1000}) {
      for (int i = 0; i < count; i++) {
        Await.change(
            store.put(
                PutRequest.of(new Key("list/" + count + "/" + i), Bytes.utf8("x".repeat(100)))));
      }
    }
  }

  @TearDown(Level.Trial)
  public void close() throws Exception {
    backends.close();
  }

  /** A thread's key, its session, and its watch of the key. */
  @State(Scope.Thread)
  public static class Client {
    private Key key = new Key("unset");
    private Revision revision = Revision.ZERO;
    private Locking acquire = Locking.NONE;
    private Locking release = Locking.NONE;
    private Optional<Watch> watch = Optional.empty();

    @Setup
    public void begin(StoreBenchmark on) {
      key = new Key("own/" + on.threads.incrementAndGet());
      revision = on.stored(PutRequest.of(key, on.value)).modifyRevision();
      SessionSpec spec = SessionSpec.random().withLockDelay(Duration.ZERO);
      Await.change(on.store.sessions().create(spec));
      acquire = new Locking.Acquire(spec.id());
      release = new Locking.Release(spec.id());
      watch = Optional.of(on.store.watch(WatchRequest.fromNow(new Range.Exact(key))));
    }

    @TearDown(Level.Trial)
    public void end() {
      watch.ifPresent(Watch::close);
    }
  }

  @Benchmark
  public Object get(Client client) {
    return Await.read(store.get(client.key, Freshness.LINEARIZABLE));
  }

  @Benchmark
  public Object list10() {
    return list("list/10/");
  }

  @Benchmark
  public Object list1000() {
    return list("list/1000/");
  }

  private Object list(String prefix) {
    ListRequest request = ListRequest.of(new Range.WithPrefix(new Prefix(prefix)));
    return Await.read(store.list(request, Freshness.LINEARIZABLE));
  }

  @Benchmark
  public Object put(Client client) {
    return stored(PutRequest.of(client.key, value));
  }

  /** Against what this thread wrote last, so it is never refused. */
  @Benchmark
  public Object compareAndSwap(Client client) {
    Precondition own = new Precondition.RevisionIs(client.revision);
    Entry entry = stored(PutRequest.of(client.key, value).withPrecondition(own));
    client.revision = entry.modifyRevision();
    return entry;
  }

  /** A delete, and the put that makes the key again. */
  @Benchmark
  public Object deleteAndPut(Client client) {
    Await.change(store.delete(DeleteRequest.of(client.key)));
    return stored(PutRequest.of(client.key, value));
  }

  /** A put, and its event at this thread's watch. */
  @Benchmark
  public Object putAndWatch(Client client) throws InterruptedException {
    Revision written = stored(PutRequest.of(client.key, value)).modifyRevision();
    Watch watch = client.watch.orElseThrow();
    WatchEvent event;
    do {
      event = watch.next(PATIENCE).orElseThrow(() -> new IllegalStateException("no event came"));
    } while (event.revision().isBefore(written));
    return event;
  }

  /** A lock taken and given back. */
  @Benchmark
  public Object lockAndUnlock(Client client) {
    PutRequest put = PutRequest.of(client.key, value);
    stored(put.withLocking(client.acquire));
    return stored(put.withLocking(client.release));
  }

  private Entry stored(PutRequest request) {
    if (Await.change(store.put(request)) instanceof PutOutcome.Stored stored) {
      return stored.entry();
    }
    throw new IllegalStateException("a put of " + request.key() + " was refused");
  }
}
