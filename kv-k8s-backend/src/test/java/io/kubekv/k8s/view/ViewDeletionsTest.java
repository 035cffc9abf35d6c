package io.kubekv.k8s.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Objects that somebody deletes, and those that are made again at once. */
class ViewDeletionsTest {
  private final ViewRig rig = new ViewRig();

  @BeforeEach
  void begin() {
    rig.settle();
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private void shown(String key, String value) {
    rig.put(key, value);
    rig.settle();
  }

  /** What kubectl replace --force does. */
  private void makeAgain(String key, Map<String, Object> spec) {
    rig.deleteUnseen(key);
    rig.create(ViewRig.name(key), spec);
  }

  private void makeAgain(String key, String value) {
    makeAgain(key, Map.of("type", "Value", "key", key, "value", value));
  }

  @Test
  void deletedAndMadeAgainAtOnce_isAnEdit() {
    shown("other", "x");
    shown("a", "one");
    makeAgain("a", "two");
    rig.settle();

    assertThat(rig.value("a")).isEqualTo("two");
    assertThat(rig.entry("a").orElseThrow().version()).isEqualTo(2);
    assertThat(rig.shown("a")).isEqualTo("two");
    assertThat(rig.condition("a")).contains("status=True", "Applied");
    rig.edit("a", "value", "three");
    rig.settle();
    assertThat(rig.value("a")).isEqualTo("three");
  }

  @Test
  void deletedAndMadeAgainWithTheSameContent_keepsTheKey() {
    shown("other", "x");
    shown("a", "one");
    makeAgain("a", "one");
    rig.settle();

    assertThat(rig.value("a")).isEqualTo("one");
    assertThat(rig.shown("a")).isEqualTo("one");
  }

  @Test
  void deletedAndMadeAgainFromAFile_takesItsContent() {
    shown("other", "x");
    shown("a", "one");
    GenericKubernetesResource saved = rig.object("a").orElseThrow();
    shown("a", "two");
    makeAgain("a", new HashMap<>(ViewForm.spec(saved)));
    rig.settle();

    assertThat(rig.value("a")).isEqualTo("one");
    assertThat(rig.shown("a")).isEqualTo("one");
  }

  @Test
  void deletedAndMadeAgainWhileTheKeyChanges_isRefused() {
    shown("other", "x");
    shown("a", "one");
    rig.put("a", "changed");
    makeAgain("a", "two");
    rig.settle();

    assertThat(rig.value("a")).isEqualTo("changed");
    assertThat(rig.shown("a")).isEqualTo("changed");
    assertThat(rig.condition("a")).contains("status=False", "Conflict");
  }

  @Test
  void manyDeletedAndMadeAgain_areEdits() {
    for (int i = 0; i < 20; i++) {
      rig.put("key" + i, "one");
    }
    rig.settle();
    for (int i = 0; i < 20; i++) {
      makeAgain("key" + i, "two");
    }
    rig.settle();

    for (int i = 0; i < 20; i++) {
      assertThat(rig.value("key" + i)).isEqualTo("two");
      assertThat(rig.shown("key" + i)).isEqualTo("two");
    }
  }

  @Test
  void madeAgainWhileTheViewHasNotHeardOfTheDeletion_isAnEdit() {
    shown("other", "x");
    shown("a", "one");
    rig.edit("a", "version", 7); // refused, which is written back: too late
    rig.keys.beforeWrite =
        () -> {
          rig.deleteUnseen("a");
          rig.createUnseen(ViewRig.name("a"), Map.of("type", "Value", "key", "a", "value", "two"));
        };
    rig.settle();

    assertThat(rig.value("a")).isEqualTo("two");
    assertThat(rig.shown("a")).isEqualTo("two");
  }

  @Test
  void oneAfterTheOther_manyInAMinute_deleteNoMoreKeys() {
    for (int i = 0; i < 30; i++) {
      rig.put("key" + i, "x");
    }
    rig.settle();
    for (int i = 0; i < 20; i++) {
      rig.delete("key" + i);
      rig.run(Duration.ofSeconds(2));
    }
    rig.settle();

    assertThat(rig.store.status().entries()).isEqualTo(14);
    assertThat(rig.condition("key19")).contains("ManyDeleted");
    rig.run(Duration.ofMinutes(1));
    rig.delete("key19");
    rig.settle();
    assertThat(rig.value("key19")).as("a minute later").isEqualTo("-");
  }

  @Test
  void allThatShowKeys_besideOneThatShowsNone_deleteNoKey() {
    rig.create("k-anything", Map.of("type", "Value", "key", "other", "value", "x"));
    shown("a", "one");
    shown("b", "one");
    rig.deleteUnseen("a");
    rig.delete("b");
    rig.settle();

    assertThat(rig.value("a")).isEqualTo("one");
    assertThat(rig.value("b")).isEqualTo("one");
    assertThat(rig.condition("b")).contains("ManyDeleted");
  }
}
