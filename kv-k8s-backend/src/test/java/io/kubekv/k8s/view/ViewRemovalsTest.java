package io.kubekv.k8s.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.DeleteRequest;
import io.kubekv.Key;
import io.kubekv.embedded.Faults;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Objects that the view removes, or tries to. */
class ViewRemovalsTest {
  private final ViewRig rig = new ViewRig();

  @AfterEach
  void close() {
    rig.close();
  }

  private void shown(String key, String value) {
    rig.put(key, value);
    rig.settle();
  }

  @Test
  void removalThatMayHaveHappened_andHasNot_leavesTheObjectInSight() {
    shown("a", "one");
    rig.server
        .faults()
        .inject(1, call -> call.method().equals("DELETE"), new Faults.Fault.ErrorBeforeCommit());
    rig.keys.beforeWrite = () -> rig.put("a", "two");
    Await.change(rig.store.delete(DeleteRequest.of(Key.of("a"))));
    rig.settle();
    assertThat(rig.shown("a")).isEqualTo("two");
    shown("a", "three");

    assertThat(rig.shown("a")).isEqualTo("three");
    rig.edit("a", "value", "four");
    rig.settle();
    assertThat(rig.value("a")).isEqualTo("four");
  }

  @Test
  void removalThatMayHaveHappened_andTheObjectIsEdited_isDecided() {
    shown("a", "one");
    rig.server
        .faults()
        .inject(1, call -> call.method().equals("DELETE"), new Faults.Fault.ErrorBeforeCommit());
    rig.keys.beforeWrite =
        () -> {
          rig.put("a", "two");
          rig.replaceUnseen(ViewRig.edited(rig.object("a").orElseThrow(), "value", "edited"));
        };
    Await.change(rig.store.delete(DeleteRequest.of(Key.of("a"))));
    rig.settle();

    assertThat(rig.shown("a")).isEqualTo("two");
    assertThat(rig.condition("a")).contains("status=False", "Conflict");
  }
}
