package io.kubekv.k8s.view;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.kubekv.Cause;
import io.kubekv.Entry;
import io.kubekv.Revision;
import io.kubekv.k8s.form.KeyValueForm;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the view writes. Stateless and thread-safe. */
final class ViewBodies {
  private ViewBodies() {}

  /** The object that shows an entry, to be created. */
  static GenericKubernetesResource shows(
      Entry entry, Cause cause, String store, Optional<Verdict> verdict, Instant now) {
    GenericKubernetesResource object = object(entry, cause);
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("store", store);
    status.put("revision", entry.modifyRevision().toString());
    status.put("hash", ViewForm.hash(ViewForm.spec(object)));
    verdict.ifPresent(said -> status.put("conditions", conditions(said, now)));
    object.setAdditionalProperty("status", status);
    return object;
  }

  private static GenericKubernetesResource object(Entry entry, Cause cause) {
    return Serialization.unmarshal(
        new String(KeyValueForm.toJson(entry, cause), StandardCharsets.UTF_8),
        GenericKubernetesResource.class);
  }

  /** The {@code spec} that shows an entry. */
  static Map<String, Object> spec(Entry entry) {
    return ViewForm.spec(object(entry, Cause.SET));
  }

  /** Makes {@code next} the replacement of exactly {@code current}. */
  static GenericKubernetesResource replacing(ViewObject current, GenericKubernetesResource next) {
    next.getMetadata().setUid(current.uid());
    next.getMetadata().setResourceVersion(Long.toUnsignedString(current.version()));
    Map<String, Object> status = new LinkedHashMap<>(ViewForm.map(next, "status"));
    status.put("uid", current.uid());
    next.setAdditionalProperty("status", status);
    return next;
  }

  /**
   * The object that somebody made, and what its key was then.
   *
   * @param field {@code absentAt}, or {@code revision} for an object that was deleted and made
   *     again
   */
  static GenericKubernetesResource marked(
      GenericKubernetesResource object, String store, String field, Revision at) {
    object.setAdditionalProperty(
        "status",
        Map.of(
            "store",
            store,
            field,
            at.toString(),
            "uid",
            String.valueOf(object.getMetadata().getUid())));
    return object;
  }

  /** The object as somebody left it, and why no key became of it. */
  static GenericKubernetesResource judged(
      GenericKubernetesResource object, Verdict verdict, Instant now) {
    object.setAdditionalProperty(
        "status",
        Map.of(
            "hash", ViewForm.hash(ViewForm.spec(object)), "conditions", conditions(verdict, now)));
    return object;
  }

  /** The object, whose removal is to say nothing about its key. */
  static GenericKubernetesResource withdrawn(GenericKubernetesResource object) {
    Map<String, Object> status = new LinkedHashMap<>(ViewForm.map(object, "status"));
    status.remove("conditions");
    status.put("uid", String.valueOf(object.getMetadata().getUid()));
    status.put("hash", ViewForm.hash(ViewForm.spec(object)));
    status.put("withdrawn", true);
    object.setAdditionalProperty("status", status);
    return object;
  }

  private static List<Map<String, Object>> conditions(Verdict verdict, Instant now) {
    return List.of(
        condition(Verdict.CONDITION, verdict.applied(), verdict.reason(), verdict.message(), now));
  }

  /** A condition as all objects of Kubernetes have them. */
  static Map<String, Object> condition(
      String type, boolean holds, String reason, String message, Instant since) {
    Map<String, Object> condition = new LinkedHashMap<>();
    condition.put("type", type);
    condition.put("status", holds ? "True" : "False");
    condition.put("reason", reason);
    condition.put("message", message);
    condition.put("lastTransitionTime", since.truncatedTo(ChronoUnit.SECONDS).toString());
    return condition;
  }
}
