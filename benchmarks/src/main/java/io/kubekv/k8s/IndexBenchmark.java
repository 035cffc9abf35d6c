package io.kubekv.k8s;

import io.kubekv.Key;
import io.kubekv.ListRequest;
import io.kubekv.Prefix;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.SessionId;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The index: what a read finds there, and what an event of the API's watch does to it. */
@State(Scope.Benchmark)
public class IndexBenchmark {
  private static final int SIZE = 100;
  private static final long HISTORY_BYTES = 8 << 20;

  /** How many there are. */
  @Param({"1000", "100000"})
  public int keys;

  private final Index index = index();
  private final ListRequest ten = below("list/10/");
  private final ListRequest thousand = below("list/1000/");
  private long revision;
  private int turn;

  private static Index index() {
    return new Index(
        new History(HISTORY_BYTES),
        InstantSource.system(),
        new SessionTable(System::nanoTime),
        new Nobody());
  }

  private static ListRequest below(String prefix) {
    return ListRequest.of(new Range.WithPrefix(new Prefix(prefix)));
  }

  @Setup
  public void fill() {
    List<ObservedObject> all = new ArrayList<>();
    for (int i = 0; i < keys; i++) {
      all.add(stored(SampleObjects.key(i)));
    }
    for (int count : List.of(10, 1000)) {
      for (int i = 0; i < count; i++) {
        all.add(stored(new Key("list/" + count + "/" + i)));
      }
    }
    index.relisted(all, new Revision(revision));
  }

  private ObservedObject stored(Key key) {
    return new ObservedObject.Stored(SampleObjects.object(key, SIZE, ++revision));
  }

  @Benchmark
  public Object get() {
    return index.snapshot().get(SampleObjects.key(next()));
  }

  /** A listing of ten keys. */
  @Benchmark
  public Object list10() {
    return index.snapshot().list(ten);
  }

  @Benchmark
  public Object list1000() {
    return index.snapshot().list(thousand);
  }

  /** A change of one key, with its place in the history. Includes the making of the object. */
  @Benchmark
  public Object apply() {
    index.changed(stored(SampleObjects.key(next())));
    return index.snapshot();
  }

  private int next() {
    turn = (turn + 7919) % keys;
    return turn;
  }

  private static final class Nobody implements Index.Listener {
    @Override
    public void changed(StoredObject object, Revision previous) {}

    @Override
    public void removed(String name) {}

    @Override
    public void lost(SessionId session) {}

    @Override
    public void relisted(Index now) {}

    @Override
    public void restored() {}
  }
}
