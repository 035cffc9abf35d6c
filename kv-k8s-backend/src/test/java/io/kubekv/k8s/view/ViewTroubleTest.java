package io.kubekv.k8s.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.kubekv.Await;
import io.kubekv.DeleteRequest;
import io.kubekv.Key;
import io.kubekv.k8s.api.ApiFailure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One object that cannot be written, or whose fate is not known, stops no other. */
class ViewTroubleTest {
  private static final ApiFailure QUOTA = new ApiFailure.Forbidden("exceeded quota");

  private ViewRig rig = new ViewRig();

  @AfterEach
  void close() {
    rig.close();
  }

  private void use(ViewRig other) {
    rig.close();
    rig = other;
  }

  private void shown(String key, String value) {
    rig.put(key, value);
    rig.settle();
  }

  private static boolean isOf(String write, String key) {
    return write.endsWith(" " + ViewRig.name(key));
  }

  @Test
  void keyWhoseObjectIsForbidden_stopsNoOther() {
    rig.settle();
    rig.keys.refuseWrites(write -> isOf(write, "a"), QUOTA);
    rig.put("a", "x");
    rig.run(Duration.ofSeconds(2));
    for (int i = 0; i < 10; i++) {
      rig.put("b" + i, "x");
    }
    rig.run(Duration.ofSeconds(2));

    assertThat(rig.objects()).hasSize(10);
    assertThat(rig.work.figures().lag()).isGreaterThan(Duration.ofSeconds(3));
    assertThat(rig.work.figures().problem()).contains("exceeded quota");
    rig.run(Duration.ofSeconds(60));
    assertThat(rig.keys.refusals).as("it is tried now and then").hasSizeBetween(6, 15);
    rig.keys.refuseWrites(null);
    rig.run(Duration.ofSeconds(31));
    assertThat(rig.shown("a")).isEqualTo("x");
    assertThat(rig.work.figures().problem()).isEmpty();
  }

  @Test
  void allForbidden_isWaitedForAndNotHammered() {
    rig.settle();
    rig.keys.refuseWrites(QUOTA);
    for (int i = 0; i < 10; i++) {
      rig.put("key" + i, "x");
    }
    rig.run(Duration.ofSeconds(20));

    assertThat(rig.keys.refusals).hasSizeLessThan(100);
    assertThat(rig.work.figures().problem()).contains("exceeded quota");
    rig.keys.refuseWrites(null);
    rig.run(Duration.ofSeconds(31));
    assertThat(rig.objects()).hasSize(10);
  }

  @Test
  void editWhoseAnswerIsForbidden_stopsNoOther() {
    shown("a", "one");
    rig.keys.refuseWrites(write -> write.endsWith("k-anything"), QUOTA);
    rig.create("k-anything", Map.of("type", "Value", "key", "other", "value", "x"));
    rig.run(Duration.ofSeconds(1));
    rig.edit("a", "value", "two");
    rig.run(Duration.ofSeconds(2));

    assertThat(rig.value("a")).isEqualTo("two");
    assertThat(rig.condition("a")).contains("status=True");
  }

  @Test
  void keyWhoseObjectIsNotQuiteGone_takesNoOthersTurn() {
    use(new ViewRig(settings -> settings.withWritesPerSecond(1)));
    shown("a", "one");
    GenericKubernetesResource object = rig.object("a").orElseThrow();
    object.getMetadata().setFinalizers(List.of("example.org/wait"));
    rig.replace(object);
    rig.settle();
    Await.change(rig.store.delete(DeleteRequest.of(Key.of("a"))));
    rig.settle();
    rig.put("a", "two");
    rig.run(Duration.ofSeconds(2));
    rig.put("b", "x");
    rig.run(Duration.ofSeconds(20));

    assertThat(rig.shown("b")).isEqualTo("x");
    GenericKubernetesResource ending = rig.object("a").orElseThrow();
    ending.getMetadata().setFinalizers(List.of());
    rig.replaceUnseen(ending);
    rig.awaitSeen(rig.version());
    rig.run(Duration.ofSeconds(5));
    assertThat(rig.shown("a")).isEqualTo("two");
  }

  @Test
  void keyWhoseObjectTheApiWillNeverTake_isTriedOnceForEachChange() {
    shown("a", "x");
    rig.keys.refuseWrites(write -> isOf(write, "b"), new ApiFailure.Invalid(422, "never"));
    rig.put("b", "x");
    rig.run(Duration.ofSeconds(25));

    assertThat(rig.keys.refusals).hasSize(1);
    rig.put("b", "y");
    rig.run(Duration.ofSeconds(25));
    assertThat(rig.keys.refusals).hasSize(2);
    rig.keys.refuseWrites(null);
    shown("b", "z");
    assertThat(rig.shown("b")).isEqualTo("z");
  }

  @Test
  void eventFromBeforeAList_doesNotBringBackAnObjectThatIsGone() throws InterruptedException {
    shown("a", "one");
    GenericKubernetesResource object = rig.object("a").orElseThrow();
    object.getMetadata().setLabels(Map.of("team", "x"));
    String version = rig.replaceUnseen(object).getMetadata().getResourceVersion();
    assertThat(rig.keys.awaitShown(version, Duration.ofSeconds(20))).isTrue();
    rig.keys.endWatch(new ApiFailure.Gone("history is gone"));
    rig.deleteUnseen("a");
    rig.settle();

    assertThat(rig.shown("a")).isEqualTo("one");
  }

  @Test
  void pauseOfAnHourThatTheApiAsksFor_isNotTaken() {
    shown("a", "one");
    rig.keys.refuseWrites(new ApiFailure.TooManyRequests(Duration.ofHours(1), "busy"));
    rig.put("a", "two");
    rig.run(Duration.ofSeconds(2));
    rig.keys.refuseWrites(null);
    rig.run(Duration.ofSeconds(62));

    assertThat(rig.shown("a")).isEqualTo("two");
  }

  @Test
  void editRightBeforeAWithdrawal_isDecided() {
    for (int i = 0; i < 4; i++) {
      rig.put("key" + i, "x");
    }
    rig.settle();
    rig.settings = rig.settings.withMostKeys(2);
    rig.restart();
    // key2 is about to be withdrawn, and key3 will be next
    rig.keys.beforeWrite =
        () -> rig.replaceUnseen(ViewRig.edited(rig.object("key3").orElseThrow(), "value", "new"));
    rig.settle();

    assertThat(rig.value("key3")).isEqualTo("new");
  }

  @Test
  void editInTheMiddleOfAWithdrawal_isDecided() {
    for (int i = 0; i < 4; i++) {
      rig.put("key" + i, "x");
    }
    rig.settle();
    rig.settings = rig.settings.withMostKeys(2);
    rig.restart();
    rig.keys.afterWrite =
        () -> rig.replaceUnseen(ViewRig.edited(rig.object("key2").orElseThrow(), "value", "new"));
    rig.settle();

    assertThat(rig.value("key2")).isEqualTo("new");
  }
}
