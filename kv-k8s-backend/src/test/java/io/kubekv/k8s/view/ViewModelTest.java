package io.kubekv.k8s.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.kubekv.Await;
import io.kubekv.DeleteRequest;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.ListRequest;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import io.kubekv.embedded.Faults;
import io.kubekv.k8s.api.ApiFailure;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random changes, edits by others, faults and restarts. Whatever happens: an edit becomes at most
 * one change, and only of the revision that its object showed; and when it is quiet, the objects
 * show the store.
 */
class ViewModelTest {
  private static final int STEPS = 250;
  private static final int KEYS = 5;

  /**
   * The bases that each edit may have had, by the value that only it writes; ZERO for a creation.
   */
  private final Map<String, Set<Revision>> edits = new HashMap<>();

  /** The revision that the object showed which was deleted last, by key. */
  private final Map<String, Revision> deleted = new HashMap<>();

  private final Deque<GenericKubernetesResource> old = new ArrayDeque<>();
  private int count;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void anyHistory_settles_andAppliesEditsAtMostOnce(long seed) {
    Random random = new Random(seed);
    UncertainStore uncertain = new UncertainStore();
    try (ViewRig rig = new ViewRig(settings -> settings, uncertain::over)) {
      for (int i = 0; i < STEPS; i++) {
        act(rig, uncertain, random);
        if (random.nextInt(3) > 0) {
          rig.run(Duration.ofMillis(100L * random.nextInt(6)));
        }
      }
      rig.keys.refuseWrites(null);
      rig.server.faults().clear();
      rig.settle();
      // whatever happened before it has been shown when this is
      rig.create("last", Map.of("type", "Value", "key", "none", "value", "x"));
      rig.settle();

      assertThat(shown(rig)).as("seed %d", seed).isEqualTo(stored(rig));
      checkEdits(rig, seed);
    }
  }

  private void act(ViewRig rig, UncertainStore uncertain, Random random) {
    String key = "key" + random.nextInt(KEYS);
    switch (random.nextInt(20)) {
      case 0, 1, 2, 3, 4 -> rig.put(key, "put " + count++);
      case 5 -> Await.change(rig.store.delete(DeleteRequest.of(Key.of(key))));
      case 6, 7 -> edit(rig, rig.object(key));
      case 8, 9 -> {
        rig.settle();
        edit(rig, rig.object(key));
      }
      case 10 -> edit(rig, Optional.ofNullable(old.poll()));
      case 11 -> create(rig, key);
      case 12 -> delete(rig, key);
      case 13 -> rig.restart();
      case 14 -> rig.keys.afterWrite = rig::restart;
      case 15 -> uncertain.loseNextAnswer();
      case 16 -> uncertain.loseNextRequest();
      case 17 -> fault(rig, random);
      case 18 -> {
        rig.keys.refuseWrites(new ApiFailure.Unreachable("cut off"));
        rig.run(Duration.ofMillis(100L * random.nextInt(20)));
        rig.keys.refuseWrites(null);
      }
      default -> rig.keys.endWatch(new ApiFailure.Gone("history is gone"));
    }
  }

  private static void fault(ViewRig rig, Random random) {
    List<Faults.Fault> kinds =
        List.of(
            new Faults.Fault.ErrorAfterCommit(),
            new Faults.Fault.ErrorBeforeCommit(),
            new Faults.Fault.TooManyRequests(1));
    Faults.Fault fault = kinds.get(random.nextInt(kinds.size()));
    // not what the test itself asks for
    rig.server
        .faults()
        .inject(
            1,
            call ->
                call.path().contains("/keyvalues")
                    && call.write()
                    && !call.query().contains("fieldManager=kubectl"),
            fault);
  }

  private void edit(ViewRig rig, Optional<GenericKubernetesResource> object) {
    object.ifPresent(found -> edit(rig, found));
  }

  private void edit(ViewRig rig, GenericKubernetesResource object) {
    ViewObject seen = ViewForm.read(object);
    if (count % 7 == 0) {
      old.add(rig.object(seen.key()).orElse(object));
    }
    String value = "edit " + count++;
    edits.put(value, seen.status().revision().map(Set::of).orElse(basesOfNew(seen.key())));
    try {
      GenericKubernetesResource edited = ViewRig.edited(object, "value", value);
      rig.object(seen.key())
          .ifPresent(
              now ->
                  edited.getMetadata().setResourceVersion(now.getMetadata().getResourceVersion()));
      rig.replaceUnseen(edited);
    } catch (KubernetesClientException gone) {
      edits.put(value, Set.of(Revision.ZERO)); // and it must not be applied: nobody knows it
    }
  }

  private void delete(ViewRig rig, String key) {
    rig.object(key)
        .flatMap(object -> ViewForm.read(object).status().revision())
        .ifPresent(revision -> deleted.put(key, revision));
    rig.deleteUnseen(key);
  }

  private void create(ViewRig rig, String key) {
    String value = "edit " + count++;
    edits.put(value, basesOfNew(key));
    try {
      rig.createUnseen(ViewRig.name(key), Map.of("type", "Value", "key", key, "value", value));
    } catch (KubernetesClientException exists) {
      // then nothing was proposed
    }
  }

  /** An object that is made again at once is an edit of what it showed. */
  private Set<Revision> basesOfNew(String key) {
    return new HashSet<>(List.of(Revision.ZERO, deleted.getOrDefault(key, Revision.ZERO)));
  }

  private void checkEdits(ViewRig rig, long seed) {
    Set<String> applied = new HashSet<>();
    for (WatchEvent.Put put : puts(rig)) {
      String value = put.entry().value().toText();
      if (!value.startsWith("edit")) {
        continue;
      }
      assertThat(applied.add(value)).as("seed %d: %s is applied once", seed, value).isTrue();
      assertThat(put.previous().map(Entry::modifyRevision).orElse(Revision.ZERO))
          .as("seed %d: what %s was applied to", seed, value)
          .isIn(edits.getOrDefault(value, Set.of()));
    }
    assertThat(applied).as("seed %d: edits that were applied", seed).hasSizeGreaterThan(4);
  }

  private static List<WatchEvent.Put> puts(ViewRig rig) {
    List<WatchEvent.Put> puts = new ArrayList<>();
    try (Watch watch = rig.store.watch(WatchRequest.fromOldest(Range.all()))) {
      Optional<WatchEvent> event = watch.next(Duration.ZERO);
      while (event.isPresent()) {
        if (event.get() instanceof WatchEvent.Put put) {
          puts.add(put);
        }
        event = watch.next(Duration.ZERO);
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return puts;
  }

  private static Map<String, String> stored(ViewRig rig) {
    Map<String, String> entries = new HashMap<>();
    Await.read(rig.store.list(ListRequest.of(Range.all()), Freshness.LINEARIZABLE))
        .entries()
        .forEach(
            entry ->
                entries.put(
                    entry.key().text(), entry.value().toText() + " at " + entry.modifyRevision()));
    return entries;
  }

  private static Map<String, String> shown(ViewRig rig) {
    Map<String, String> objects = new HashMap<>();
    for (ViewObject object : rig.objects()) {
      object
          .status()
          .revision()
          .ifPresent(
              revision -> objects.put(object.key(), rig.shown(object.key()) + " at " + revision));
    }
    return objects;
  }
}
