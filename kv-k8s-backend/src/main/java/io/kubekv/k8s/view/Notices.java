package io.kubekv.k8s.view;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.kubekv.k8s.api.ApiCallException;
import io.kubekv.k8s.api.ApiFailure;
import io.kubekv.k8s.form.KeyValueDefinition;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says by Kubernetes Events what became of edits. An Event that cannot be made is missed by nobody
 * but people: the object's condition says the same. Belongs to the view's thread.
 */
final class Notices {
  private static final Logger log = LoggerFactory.getLogger(Notices.class);
  private static final int LONGEST_MESSAGE = 1024;

  private final ObjectsApi events;
  private final String namespace;
  private final InstantSource wall;
  private boolean wasRefused;

  Notices(ObjectsApi events, String namespace, InstantSource wall) {
    this.events = events;
    this.namespace = namespace;
    this.wall = wall;
  }

  /** Says it of an object; the same edit's Event is made once. */
  void say(ViewObject object, Verdict verdict) {
    log.info(
        "an edit of {} was {}: {}",
        object.key().isEmpty() ? object.name() : object.key(),
        verdict.applied() ? "applied" : "refused",
        verdict.message());
    try {
      events.create(event(object, verdict));
    } catch (ApiCallException refused) {
      if (!(refused.failure() instanceof ApiFailure.AlreadyExists) && !wasRefused) {
        wasRefused = true;
        log.info("no Event says what becomes of edits: {}", refused.getMessage());
      }
    }
  }

  private GenericKubernetesResource event(ViewObject object, Verdict verdict) {
    String now = wall.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    GenericKubernetesResource event = new GenericKubernetesResource();
    event.setApiVersion("v1");
    event.setKind("Event");
    event.setMetadata(
        new ObjectMetaBuilder()
            .withName(object.name() + "." + Long.toHexString(object.version()))
            .withNamespace(namespace)
            .build());
    event.setAdditionalProperty(
        "involvedObject",
        Map.of(
            "apiVersion",
            KeyValueDefinition.API_VERSION,
            "kind",
            KeyValueDefinition.KIND,
            "namespace",
            namespace,
            "name",
            object.name(),
            "uid",
            object.uid()));
    event.setAdditionalProperty("type", verdict.applied() ? "Normal" : "Warning");
    event.setAdditionalProperty("reason", verdict.applied() ? "EditApplied" : "EditRefused");
    event.setAdditionalProperty("message", shortened(object.key() + ": " + verdict.message()));
    event.setAdditionalProperty("source", Map.of("component", ViewForm.MANAGER));
    event.setAdditionalProperty("firstTimestamp", now);
    event.setAdditionalProperty("lastTimestamp", now);
    event.setAdditionalProperty("count", 1);
    return event;
  }

  private static String shortened(String message) {
    return message.length() <= LONGEST_MESSAGE ? message : message.substring(0, LONGEST_MESSAGE);
  }
}
