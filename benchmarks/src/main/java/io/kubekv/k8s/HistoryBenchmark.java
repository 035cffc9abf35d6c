package io.kubekv.k8s;

import io.kubekv.Cause;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The history: what an event costs by itself, and for each watch that it concerns. */
@State(Scope.Benchmark)
public class HistoryBenchmark {
  private static final long HISTORY_BYTES = 8 << 20;

  /** Watches that wait for the key that changes. */
  @Param({"0", "1", "100", "10000"})
  public int watches;

  private final History history = new History(HISTORY_BYTES);
  private final Key key = SampleObjects.key(1);
  private final List<HistoryWatch> all = new ArrayList<>();
  private long revision;

  @Setup
  public void watch() throws InterruptedException {
    WatchRequest request = WatchRequest.fromNow(new Range.Exact(key));
    for (int i = 0; i < watches; i++) {
      all.add(history.watch(request, () -> Snapshot.EMPTY));
    }
    append();
    take();
  }

  /** An event, and what each watch makes of it, until all wait again. */
  @Benchmark
  public Object deliver() throws InterruptedException {
    append();
    return take();
  }

  private void append() {
    Entry entry = SampleObjects.object(key, 100, ++revision).toEntry(Instant.EPOCH);
    history.add(new WatchEvent.Put(entry, Optional.empty(), Cause.SET), () -> {});
  }

  private int take() throws InterruptedException {
    int taken = 0;
    for (HistoryWatch watch : all) {
      if (watch.next(Duration.ZERO).isPresent()) {
        taken++;
      }
      history.await(watch, history.era(), new Revision(revision));
    }
    return taken;
  }
}
