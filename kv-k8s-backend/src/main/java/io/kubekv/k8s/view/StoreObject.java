package io.kubekv.k8s.view;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.kubekv.k8s.api.ApiCallException;
import io.kubekv.k8s.api.ApiFailure;
import io.kubekv.k8s.form.KeyValueDefinition;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one {@code Store} object of a namespace: what an operator looks at first. Written when it has
 * changed, at most once a second. Belongs to the view's thread.
 */
final class StoreObject {
  static final String NAME = "store";
  private static final Logger log = LoggerFactory.getLogger(StoreObject.class);
  private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long PAUSE_AFTER_FAILURE_NANOS = Duration.ofSeconds(5).toNanos();

  private final ObjectsApi api;
  private final LongSupplier ticker;
  private final InstantSource wall;
  private Map<String, Object> written = Map.of();
  private Condition condition = new Condition(true, "", "");
  private Instant since = Instant.EPOCH;
  private Optional<String> version = Optional.empty();
  private long next;
  private boolean wasRefused;

  /**
   * Whether keys are shown as they are.
   *
   * @param reason in one word
   * @param message for people
   */
  record Condition(boolean holds, String reason, String message) {}

  StoreObject(ObjectsApi api, LongSupplier ticker, InstantSource wall) {
    this.api = api;
    this.ticker = ticker;
    this.wall = wall;
    this.next = ticker.getAsLong();
  }

  /** Writes these figures, when that is due; a failure is logged, and tried again later. */
  void step(Map<String, Object> figures, Condition now) {
    if (ticker.getAsLong() - next < 0) {
      return;
    }
    if (now.holds() != condition.holds() || since.equals(Instant.EPOCH)) {
      since = wall.instant();
    }
    condition = now;
    Map<String, Object> status = new LinkedHashMap<>(figures);
    status.put(
        "conditions",
        List.of(
            ViewBodies.condition("ViewCurrent", now.holds(), now.reason(), now.message(), since)));
    if (status.equals(written)) {
      return;
    }
    try {
      write(status);
      written = status;
      wasRefused = false;
      next = ticker.getAsLong() + PAUSE_NANOS;
    } catch (ApiCallException failed) {
      refused(failed);
    }
  }

  private void refused(ApiCallException failed) {
    version = Optional.empty();
    next = ticker.getAsLong() + PAUSE_AFTER_FAILURE_NANOS;
    boolean isUsual = failed.failure() instanceof ApiFailure.Conflict;
    if (!isUsual && !wasRefused) {
      wasRefused = true;
      log.warn(
          "the Store object is not written: {}. Nothing else depends on it; its type and the right"
              + " to write it come with stores.yaml and role.yaml",
          failed.getMessage());
    }
  }

  private void write(Map<String, Object> status) throws ApiCallException {
    if (version.isEmpty()) {
      version = api.get(NAME).map(StoreObject::version);
    }
    GenericKubernetesResource object = new GenericKubernetesResource();
    object.setApiVersion(KeyValueDefinition.API_VERSION);
    object.setKind(StoreDefinition.KIND);
    ObjectMetaBuilder metadata = new ObjectMetaBuilder().withName(NAME);
    object.setAdditionalProperty("status", status);
    if (version.isPresent()) {
      object.setMetadata(metadata.withResourceVersion(version.get()).build());
      version = Optional.of(version(api.replace(object)));
    } else {
      object.setMetadata(metadata.build());
      version = Optional.of(version(api.create(object)));
    }
  }

  private static String version(GenericKubernetesResource object) {
    return object.getMetadata().getResourceVersion();
  }
}
