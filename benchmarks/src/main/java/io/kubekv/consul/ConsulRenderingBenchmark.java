package io.kubekv.consul;

import io.kubekv.Bytes;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Kind;
import io.kubekv.LockState;
import io.kubekv.Revision;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What the Consul door writes. */
@State(Scope.Benchmark)
public class ConsulRenderingBenchmark {
  /** Of the listing. */
  @Param({"1", "10", "1000"})
  public int entries;

  private List<Entry> listing = List.of();

  @Setup
  public void make() {
    Entry entry =
        new Entry(
            new Key("docker/network/v1.0/endpoint/17/00000017"),
            Kind.VALUE,
            Bytes.utf8("x".repeat(100)),
            0,
            new Revision(17),
            new Revision(1_000_000),
            3,
            Optional.empty(),
            LockState.NONE);
    listing = Collections.nCopies(entries, entry);
  }

  @Benchmark
  public Object listing() {
    return EntryWriter.entries(listing);
  }
}
