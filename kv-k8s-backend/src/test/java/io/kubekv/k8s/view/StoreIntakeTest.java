package io.kubekv.k8s.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.PutRequest;
import io.kubekv.engine.EngineSettings;
import io.kubekv.engine.EngineStore;
import org.junit.jupiter.api.Test;

class StoreIntakeTest {
  @Test
  void take_moreNewKeysThanMayBeShown_notesNoMoreThanThose() {
    ViewSettings settings = ViewSettings.DEFAULT.withMostKeys(5);
    try (KeyValueStore store = EngineStore.inMemory(EngineSettings.DEFAULT);
        StoreChanges changes = new StoreChanges(store, settings)) {
      changes.snapshot();
      DirtyKeys dirty = new DirtyKeys(settings);
      StoreIntake intake =
          new StoreIntake(
              changes, settings, new ObjectIndex(), dirty, (key, revision) -> {}, () -> 0);
      for (int i = 0; i < 100; i++) {
        Await.change(store.put(PutRequest.of(Key.of("key" + i), Bytes.utf8("x"))));
      }

      assertThat(intake.take()).isEqualTo(100);
      assertThat(dirty.size()).isEqualTo(5);
      assertThat(intake.keys()).isEqualTo(100);
    }
  }
}
