package io.kubekv.e2e.faults.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {
  @Test
  void write_isReadAgain(@TempDir Path folder) throws IOException {
    Call call = new Call(1, "c", "etcd", "r1", 10, 20);
    List<Line> lines =
        List.of(
            new Operation(call, Action.SWAP, "k", "v", 3, Result.REFUSED, Sight.of("w", 4), 0),
            new ListSeen(call, "p/", 7, List.of(new ListSeen.Item("p/a", "v", 6))),
            new WatchSeen("w", "r1", 30, WatchSeen.Kind.DELETED, "p/", "p/a", "", 8, Sight.ABSENT),
            new LockCall(call, LockCall.Step.ACQUIRE, "l", "s", 2000, Result.DONE, 9),
            new MortalCall(call, MortalCall.Step.LOOK, "t", 0, Result.DONE, true),
            new Disorder("o", "r1", 40, "version 3 is read after 5"),
            new Disturbance("kill", "r1", 1, 2));
    History history = new History();
    lines.forEach(history::add);
    history.write(folder.resolve("h.jsonl"));

    History read = History.read(folder.resolve("h.jsonl"));
    assertThat(read.all(Line.class)).containsExactlyElementsOf(lines);
  }
}
