package io.kubekv.page.cost;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.DeleteRequest;
import io.kubekv.Key;
import io.kubekv.PutRequest;
import io.kubekv.cost.CostModel;
import io.kubekv.cost.Unit;
import io.kubekv.cost.Workload;
import io.kubekv.engine.EngineStore;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a store costs now. */
final class LiveCostTest {
  private static final OptionalLong NONE = OptionalLong.empty();
  private static final Serving.Held NOTHING = new Serving.Held(NONE, NONE, NONE, NONE, NONE, NONE);

  private final EngineStore store = EngineStore.inMemory();
  private long nanos;
  private final Looks looks = new Looks(() -> nanos);

  @AfterEach
  void close() {
    store.close();
  }

  private void put(String key, String value) {
    Await.change(store.put(PutRequest.of(Key.of(key), Bytes.utf8(value))));
  }

  private static Serving serving(Serving.Place place, long entries, Serving.Held held) {
    return new Serving(
        place,
        7,
        1,
        5,
        Duration.ofSeconds(6),
        64 << 20,
        new Serving.Counts(3 * entries, entries, entries * 0.005, OptionalDouble.of(entries)),
        held);
  }

  private CostTable look(Serving serving) {
    return LiveCost.of(store, serving, looks);
  }

  private static CostTable.Row row(CostTable table, String name) {
    return Stream.concat(
            table.inputs().stream(), table.groups().stream().flatMap(each -> each.rows().stream()))
        .filter(row -> row.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void prediction_isOfTheStoreAsItIsMeasured() {
    put("a/1", "x".repeat(100));
    put("a/2", "x".repeat(300));
    var unused = look(serving(Serving.Place.CLUSTER, 0, NOTHING));
    nanos += Duration.ofSeconds(10).toNanos();
    for (int i = 0; i < 20; i++) {
      put("a/1", "y".repeat(100));
    }

    CostTable now = look(serving(Serving.Place.CLUSTER, 20, NOTHING));

    // of 23 revisions the first is the store's, two made a key, and 20 put one that was there
    Workload.Changes changes = new Workload.Changes(2.0 * 20 / 23, 2.0 * 2 / 23, 0, 0);
    double calls =
        CostModel.predict(
                new Workload(
                    changes,
                    new Workload.Contents(2, 3, 200, false, 7),
                    new Workload.Service(
                        1,
                        5,
                        Duration.ofSeconds(6),
                        64 << 20,
                        Duration.ofMinutes(5),
                        Duration.ofMillis(5))))
            .value("api.total");
    assertThat(row(now, "Changes").predicted()).isEqualTo("2/s");
    assertThat(row(now, "Changes").note())
        .isEqualTo(
            "measured over 10 s; of the latest 23: 20 puts of existing keys, 2 of new keys, 0"
                + " deletes");
    assertThat(row(now, "A value").predicted()).isEqualTo("200 B");
    assertThat(row(now, "Answer of the API server").predicted()).isEqualTo("5.0 ms");
    assertThat(row(now, "Calls").predicted()).isEqualTo(Unit.PER_SECOND.text(calls));
    assertThat(row(now, "Calls").measured()).isEqualTo("6/s by this replica");
    assertThat(row(now, "of these, entries of the log").measured())
        .isEqualTo("2/s by this replica");
    assertThat(now.beyond()).isEmpty();
  }

  @Test
  void whatIsNotKnown_saysSo() {
    CostTable first = look(serving(Serving.Place.CLUSTER, 0, NOTHING));

    assertThat(row(first, "Changes").predicted()).isEqualTo("not known yet");
    assertThat(row(first, "Answer of the API server").predicted()).isEqualTo("not known yet");
    assertThat(row(first, "Compaction of etcd").predicted()).isEqualTo("not known here");
    for (String name : List.of("Calls", "Written to the disk", "Heap", "the snapshot")) {
      assertThat(row(first, name).measured()).as(name).isEqualTo("not measured here");
    }
    assertThat(row(first, "Processor").predicted()).isEqualTo("not predicted");
  }

  @Test
  void whatIsMeasured_isBesideIt() {
    Serving.Held held =
        new Serving.Held(
            OptionalLong.of(1_037),
            OptionalLong.of(2048),
            OptionalLong.of(0),
            OptionalLong.of(7),
            OptionalLong.of(2),
            OptionalLong.of(50 << 20));

    CostTable now = look(serving(Serving.Place.INSIDE, 0, held));

    assertThat(now.words()).contains("inside this process");
    assertThat(row(now, "of these, the log").measured())
        .isEqualTo("2 KiB as base64, in 1,037 entries");
    assertThat(row(now, "the snapshot").measured()).contains("revision 7");
    assertThat(row(now, "the objects that show keys").measured()).isEqualTo("2 keys");
    assertThat(row(now, "Heap").measured()).isEqualTo("50 MiB here, garbage included");
  }

  @Test
  void logInAnEtcd_isNotPredicted() {
    put("k", "v");

    CostTable now = look(serving(Serving.Place.ETCD, 0, NOTHING));

    assertThat(now.words()).contains("nothing is predicted");
    assertThat(row(now, "Calls").predicted()).isEqualTo("not predicted");
    assertThat(row(now, "Keys").predicted()).isEqualTo("1");
  }

  /** However many there are: 128 keys are looked at, and the latest 500 revisions. */
  @Test
  void largeStore_isLookedAtInPart_andSaysSo() {
    for (int i = 0; i < 600; i++) {
      put("k%03d".formatted(i), "x".repeat(1000));
    }
    Await.change(store.delete(DeleteRequest.of(Key.of("k000"))));
    var unused = look(serving(Serving.Place.CLUSTER, 0, NOTHING));
    nanos += Duration.ofSeconds(2).toNanos();

    CostTable now = look(serving(Serving.Place.CLUSTER, 0, NOTHING));

    assertThat(row(now, "Keys").predicted()).isEqualTo("599");
    assertThat(row(now, "A key").note()).isEqualTo("the mean of the first 128");
    assertThat(row(now, "A value").predicted()).isEqualTo("at most 1001 B");
    assertThat(row(now, "Changes").note())
        .contains("of the latest 500: 0 puts of existing keys, 499 of new keys, 1 deletes");
  }

  @Test
  void limitThatIsPassed_isNamed() {
    put("k", "x".repeat(1 << 20));
    var unused = look(serving(Serving.Place.CLUSTER, 0, NOTHING));
    nanos += Duration.ofSeconds(1).toNanos();
    for (int i = 0; i < 3; i++) {
      put("k", "y".repeat(1 << 20));
    }

    assertThat(look(serving(Serving.Place.CLUSTER, 0, NOTHING)).beyond())
        .anyMatch(line -> line.startsWith("Beyond a limit: ") && line.contains("1.5 MB/s"));
  }
}
