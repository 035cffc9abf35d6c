package io.kubekv.k8s;

import io.kubekv.Bytes;
import io.kubekv.Cause;
import io.kubekv.Key;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.SessionId;
import io.kubekv.engine.LincheckOptions;
import io.kubekv.engine.Scenarios;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The index under one thread that brings the watch's news and two that read: each step of it, and
 * each read, happens at one moment.
 */
@Tag("lincheck")
class IndexLincheckTest {
  @Test
  void entries_readWhileTheWatchChangesThem_areLinearizable() {
    options()
        .addCustomScenario(
            Scenarios.of(
                WatchedEntries.class,
                List.of("putFirst"),
                List.of("putFirst"),
                List.of("list", "getFirst"),
                List.of("getFirst")))
        .check(WatchedEntries.class);
  }

  /**
   * A key is never without an object while it comes back or is deleted. By stress, because the
   * model checker lets no thread in between a volatile read and a call of a ConcurrentHashMap.
   */
  @Test
  void object_soughtWhileItComesBack_isFound() {
    stress(List.of("markDeleted"), List.of("put"));
    stress(List.of("put"), List.of("markDeleted"));
  }

  private static void stress(List<String> before, List<String> change) {
    List<String> looks = List.of("object", "object", "object");
    LincheckOptions.stress()
        .iterations(0)
        .invocationsPerIteration(5_000)
        .addCustomScenario(Scenarios.of(WatchedObject.class, before, change, looks, List.of()))
        .check(WatchedObject.class);
  }

  private static ModelCheckingOptions options() {
    return LincheckOptions.modelChecking()
        .threads(2)
        .actorsBefore(1)
        .actorsPerThread(3)
        .actorsAfter(0)
        .iterations(2)
        .invocationsPerIteration(100);
  }

  /** What clients read of two keys, while one thread changes them. */
  @Param(name = "key", gen = IntGen.class, conf = "0:1")
  public static class WatchedEntries extends Watched {
    @Operation(nonParallelGroup = WATCH)
    public void put(@Param(name = "key") int key) {
      changed(key, false);
    }

    @Operation(nonParallelGroup = WATCH)
    public void markDeleted(@Param(name = "key") int key) {
      changed(key, true);
    }

    public void putFirst() {
      changed(0, false);
    }

    public Optional<Long> getFirst() {
      return get(0);
    }

    /** A new list that has only this key. */
    @Operation(nonParallelGroup = WATCH)
    public void relist(@Param(name = "key") int key) {
      relisted(key);
    }

    @Operation
    public Optional<Long> get(@Param(name = "key") int key) {
      return index.snapshot().get(key(key)).map(entry -> entry.modifyRevision().value());
    }

    @Operation
    public List<Long> list() {
      Snapshot now = index.snapshot();
      List<Long> revisions = new ArrayList<>();
      now.in(Range.all()).forEach(entry -> revisions.add(entry.modifyRevision().value()));
      revisions.add(now.revision().value());
      return revisions;
    }
  }

  /**
   * What a write of one key is based on, live or marked as deleted, while one thread changes it.
   */
  public static class WatchedObject extends Watched {
    @Operation(nonParallelGroup = WATCH)
    public void put() {
      changed(0, false);
    }

    @Operation(nonParallelGroup = WATCH)
    public void markDeleted() {
      changed(0, true);
    }

    @Operation
    public Optional<Long> object() {
      return index.object(key(0)).map(object -> object.revision().value());
    }
  }

  /** An index, and changes with one revision after the other. */
  public abstract static class Watched {
    static final String WATCH = "the watch";

    final Index index =
        new Index(
            new History(1 << 20), () -> Instant.EPOCH, new SessionTable(() -> 0L), new Nobody());
    private long revision;

    void changed(int key, boolean deleted) {
      index.changed(next(key, deleted));
    }

    void relisted(int key) {
      ObservedObject only = next(key, false);
      revision++;
      index.relisted(List.of(only), new Revision(revision));
    }

    private ObservedObject next(int key, boolean deleted) {
      revision++;
      WriteId id = new WriteId("w", Revision.ZERO);
      ObjectSpec live = ObjectSpec.first(ObjectType.VALUE, key(key), Bytes.EMPTY, Cause.SET, id);
      StoredObject object = object(live);
      return new ObservedObject.Stored(
          deleted ? object(object.deletedBy("w", Cause.DELETE)) : object);
    }

    private StoredObject object(ObjectSpec spec) {
      String name = ObjectNames.of(ObjectType.VALUE, spec.key());
      return new StoredObject(name, "uid", new Revision(revision), spec);
    }

    static Key key(int number) {
      return Key.of("k" + number);
    }
  }

  /** Nobody listens. */
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
