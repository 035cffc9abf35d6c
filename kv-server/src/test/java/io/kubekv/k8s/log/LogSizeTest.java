package io.kubekv.k8s.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Bytes;
import io.kubekv.Cause;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Kind;
import io.kubekv.LockState;
import io.kubekv.Revision;
import io.kubekv.cost.CostModel;
import io.kubekv.cost.EntrySize;
import io.kubekv.cost.Figure;
import io.kubekv.cost.ObjectSize;
import io.kubekv.cost.Workload;
import io.kubekv.engine.log.EntryCodec;
import io.kubekv.engine.log.LogEntry;
import io.kubekv.engine.state.Change;
import io.kubekv.engine.state.Commit;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The cost model's sizes are those of what the log writes. */
class LogSizeTest {
  private static final Key KEY = new Key("docker/network/v1.0/endpoint/01/00000001");
  private static final String NAMESPACE = "production";
  private static final Revision REVISION = new Revision(1_234_567);

  @ParameterizedTest
  @ValueSource(ints = {1, 100, 200, 3_000, 20_000})
  void put_isAsLongAsInAnEntry(int value) {
    Change put = new Change.Put(entry(Kind.VALUE, noise(value)), Cause.SET);

    assertThat(alone(put)).isEqualTo(new EntrySize(contents(value)).put());
  }

  @Test
  void directoryAndDelete_areAsLongAsInAnEntry() {
    EntrySize size = new EntrySize(contents(100));

    assertThat(alone(new Change.Put(entry(Kind.DIRECTORY, Bytes.EMPTY), Cause.PARENT)))
        .isEqualTo(size.directory());
    assertThat(alone(new Change.Delete(KEY, List.of(), Cause.DELETE))).isEqualTo(size.delete());
  }

  @Test
  void furtherChange_isAsLongAsTheFirst() {
    Change put = new Change.Put(entry(Kind.VALUE, noise(100)), Cause.SET);

    assertThat(EntryCodec.encode(logged(put, 3)).length - EntryCodec.encode(logged(put, 2)).length)
        .isEqualTo((int) alone(put));
  }

  @Test
  void slot_isAsLongAsWhatIsStored() {
    LogEntry logged = logged(new Change.Put(entry(Kind.VALUE, noise(20_000)), Cause.SET), 1);
    byte[] bytes = EntryCodec.encode(logged);
    ObjectNode object = JsonMapper.shared().createObjectNode();
    object.put("apiVersion", "kubekv.io/v1").put("kind", "StoreLog");
    ObjectNode metadata = object.putObject("metadata");
    metadata.put("name", Ring.name(7)).put("namespace", NAMESPACE).put("generation", 4_321);
    metadata.put("creationTimestamp", "2026-01-01T00:00:00Z");
    metadata.put("uid", "3f0b9f5c-6d0e-4a54-9d0e-8f4c6a1b2c3d");
    object.set("spec", Slot.holding(logged, bytes, 4_321));

    assertThat(JsonMapper.shared().writeValueAsBytes(object).length + "\n".length())
        .isEqualTo((int) new ObjectSize(contents(1)).slot(bytes.length));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 200, 20_000})
  void change_countsAsTheEngineCountsIt(int value) {
    EntrySize size = new EntrySize(contents(value));
    Change put = new Change.Put(entry(Kind.VALUE, noise(value)), Cause.SET);
    Change delete = new Change.Delete(KEY, List.of(), Cause.DELETE);

    assertThat(logged(put, 1).bytes()).isEqualTo(size.countedPut() + EntrySize.countedEntry());
    assertThat(logged(delete, 3).bytes())
        .isEqualTo(3 * size.countedDelete() + EntrySize.countedEntry());
  }

  @Test
  void slots_areThoseOfANewStore() {
    Workload idle =
        new Workload(Workload.Changes.puts(0), contents(1), Workload.Service.defaults(0));
    Figure objects =
        CostModel.predict(idle).figures().stream()
            .filter(figure -> figure.name().equals("limits.objects"))
            .findFirst()
            .orElseThrow();

    assertThat(objects.formula())
        .startsWith(KubernetesLogSettings.defaults(NAMESPACE).slots() + " slots");
  }

  /** What a change takes in an entry, where a further one has an offset besides. */
  private static long alone(Change change) {
    return EntryCodec.encode(logged(change, 1)).length + 2 - EntrySize.entry();
  }

  private static LogEntry logged(Change change, int times) {
    List<Commit> commits =
        IntStream.range(0, times)
            .mapToObj(n -> new Commit(new Revision(REVISION.value() + n), List.of(change)))
            .toList();
    return new LogEntry(
        1_234_567, 12, 0x123456789abcdefL, -2, commits, LogEntry.READER, OptionalLong.empty());
  }

  private static Entry entry(Kind kind, Bytes value) {
    return new Entry(
        KEY, kind, value, 0, REVISION, REVISION, 100, Optional.empty(), LockState.NONE);
  }

  /** A value that cannot be packed. */
  private static Bytes noise(int size) {
    byte[] bytes = new byte[size];
    new Random(1).nextBytes(bytes);
    return Bytes.copyOf(bytes);
  }

  private static Workload.Contents contents(int value) {
    int key = KEY.text().getBytes(StandardCharsets.UTF_8).length;
    return new Workload.Contents(1, key, value, false, NAMESPACE.length());
  }
}
