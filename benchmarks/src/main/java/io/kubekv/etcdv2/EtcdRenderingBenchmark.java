package io.kubekv.etcdv2;

import io.kubekv.Bytes;
import io.kubekv.Cause;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Kind;
import io.kubekv.LockState;
import io.kubekv.Revision;
import io.kubekv.WatchEvent;
import java.time.InstantSource;
import java.util.Optional;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What the etcd v2 door writes: the answer to a put, and an event for its watchers. */
@State(Scope.Benchmark)
public class EtcdRenderingBenchmark {
  /** Of the value, in bytes. */
  @Param({"100", "1024", "102400"})
  public int size;

  private final EventWriter writer = new EventWriter(InstantSource.system());
  private Entry entry = entry(1);
  private WatchEvent event = new WatchEvent.Put(entry, Optional.empty(), Cause.SET);

  private static Entry entry(int size) {
    return new Entry(
        new Key("docker/network/v1.0/endpoint/17/00000017"),
        Kind.VALUE,
        Bytes.utf8("{\"a\":\"" + "x".repeat(size) + "\"}"),
        0,
        new Revision(17),
        new Revision(1_000_000),
        3,
        Optional.empty(),
        LockState.NONE);
  }

  @Setup
  public void make() {
    entry = entry(size);
    event = new WatchEvent.Put(entry, Optional.of(entry), Cause.SET);
  }

  @Benchmark
  public Object answer() {
    return writer.stored(Cause.SET, entry, Optional.empty());
  }

  /** Once an event, whatever the number of watchers. */
  @Benchmark
  public Object event() {
    return writer.renderer().apply(event);
  }
}
