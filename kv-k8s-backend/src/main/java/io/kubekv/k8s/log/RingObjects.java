package io.kubekv.k8s.log;

import static io.kubekv.k8s.api.HttpObjectApi.await;

import io.kubekv.engine.log.EntryCodec;
import io.kubekv.engine.log.LogEntry;
import io.kubekv.k8s.api.ApiCallException;
import io.kubekv.k8s.api.ApiObject;
import io.kubekv.k8s.api.ObjectApi;
import java.io.IOException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The objects of the ring as one list has shown them, for whoever follows no watch.
 *
 * @param objects by the index of the slot; those that are missing are not there
 * @param size how many slots there are
 */
record RingObjects(Map<Integer, ApiObject> objects, int size) {
  /** Lists them. Blocks. */
  static RingObjects list(ObjectApi api, int size) throws ApiCallException, InterruptedException {
    Map<String, Integer> indexes = new HashMap<>();
    for (int index = 0; index < size; index++) {
      indexes.put(Ring.name(index), index);
    }
    Map<Integer, ApiObject> objects = new HashMap<>();
    for (ApiObject object : await(api.list(LogKinds.SLOT, true)).objects()) {
      Optional.ofNullable(indexes.get(object.name()))
          .ifPresent(index -> objects.put(index, object));
    }
    return new RingObjects(objects, size);
  }

  int index(long position) {
    return (int) (position % size);
  }

  Optional<ApiObject> object(long position) {
    return Optional.ofNullable(objects.get(index(position)));
  }

  /** The slot of a position, where it is as kubekv wrote it and holds that position. */
  Optional<Slot.Intact> intact(long position) {
    return object(position)
        .map(object -> Slot.read(object, index(position), size))
        .filter(Slot.Intact.class::isInstance)
        .map(Slot.Intact.class::cast)
        .filter(slot -> slot.position() == position && !slot.entry().isEmpty());
  }

  Optional<LogEntry> entry(long position) {
    return intact(position).flatMap(RingObjects::decoded);
  }

  /** The entry of a position that is whole in an object which others have changed. */
  Optional<LogEntry> foreign(long position) {
    return slot(position)
        .filter(Slot.Foreign.class::isInstance)
        .flatMap(foreign -> held(position))
        .filter(entry -> entry.position() == position);
  }

  /** The entry of whatever position in the object where a position belongs, by its bytes. */
  Optional<LogEntry> held(long position) {
    return object(position).flatMap(RingObjects::decoded);
  }

  Optional<Slot> slot(long position) {
    return object(position).map(object -> Slot.read(object, index(position), size));
  }

  private static Optional<LogEntry> decoded(ApiObject object) {
    try {
      String entry = object.spec().path("entry").asString("");
      return entry.isEmpty()
          ? Optional.empty()
          : Optional.of(EntryCodec.decode(Base64.getDecoder().decode(entry)));
    } catch (IOException | IllegalArgumentException unreadable) {
      return Optional.empty();
    }
  }

  private static Optional<LogEntry> decoded(Slot.Intact slot) {
    try {
      return Optional.of(slot.decode());
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  /** The last position that stands. */
  long newest() {
    return objects.entrySet().stream()
        .map(object -> Slot.read(object.getValue(), object.getKey(), size))
        .filter(Slot.Intact.class::isInstance)
        .mapToLong(Slot::position)
        .max()
        .orElse(0);
  }
}
