package io.kubekv.k8s.view;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.kubekv.Revision;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads the view's objects; {@link ViewBodies} makes them. Stateless and thread-safe. */
final class ViewForm {
  /** Whom the API is to name as the author of our own writes. */
  static final String MANAGER = "kubekv";

  /** Who the API says has written what it did not keep the author of. */
  private static final String FIRST_APPLY = "before-first-apply";

  private ViewForm() {}

  static ViewObject read(GenericKubernetesResource object) {
    ObjectMeta metadata = object.getMetadata();
    Map<String, Object> spec = map(object, "spec");
    List<ManagedFieldsEntry> writers = metadata.getManagedFields();
    return new ViewObject(
        metadata.getName(),
        String.valueOf(metadata.getUid()),
        Long.parseUnsignedLong(metadata.getResourceVersion()),
        text(spec.get("key")),
        "Directory".equals(spec.get("type")),
        hash(spec),
        metadata.getDeletionTimestamp() != null,
        isDecorated(metadata),
        isMadeByOthers(metadata, map(object, "status")),
        author(writers),
        status(map(object, "status")));
  }

  private static ViewObject.ViewStatus status(Map<String, Object> status) {
    return new ViewObject.ViewStatus(
        text(status.get("store")),
        revision(status.get("revision")),
        revision(status.get("absentAt")),
        text(status.get("hash")),
        Boolean.TRUE.equals(status.get("withdrawn")),
        status.containsKey("conditions"));
  }

  /** What somebody may write there may be anything. */
  private static Optional<Revision> revision(@Nullable Object value) {
    try {
      return value instanceof String decimal
          ? Optional.of(Revision.parse(decimal))
          : Optional.empty();
    } catch (NumberFormatException none) {
      return Optional.empty();
    }
  }

  /**
   * Told by the uid where the object has it, and else by who has written anything in it. An API may
   * not keep that, or only from the first apply on.
   */
  private static boolean isMadeByOthers(ObjectMeta metadata, Map<String, Object> status) {
    String uid = text(status.get("uid"));
    List<ManagedFieldsEntry> writers = metadata.getManagedFields();
    return uid.isEmpty()
        ? !writers.isEmpty()
            && writers.stream()
                .noneMatch(writer -> isOurs(writer) || FIRST_APPLY.equals(writer.getManager()))
        : !uid.equals(metadata.getUid());
  }

  private static boolean isOurs(ManagedFieldsEntry writer) {
    return MANAGER.equals(writer.getManager());
  }

  private static String author(List<ManagedFieldsEntry> writers) {
    return writers.stream()
        .filter(writer -> !isOurs(writer) && writer.getManager() != null)
        .filter(writer -> !FIRST_APPLY.equals(writer.getManager()))
        .max(Comparator.comparing(writer -> text(writer.getTime())))
        .map(ManagedFieldsEntry::getManager)
        .orElse("");
  }

  static boolean isDecorated(ObjectMeta metadata) {
    return !metadata.getLabels().isEmpty()
        || !metadata.getAnnotations().isEmpty()
        || !metadata.getFinalizers().isEmpty()
        || !metadata.getOwnerReferences().isEmpty();
  }

  /** The content of {@code spec}, whatever it is. */
  static Map<String, Object> spec(GenericKubernetesResource object) {
    return map(object, "spec");
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> map(GenericKubernetesResource object, String field) {
    return object.getAdditionalProperties().get(field) instanceof Map<?, ?> map
        ? (Map<String, Object>) map
        : Map.of();
  }

  private static String text(@Nullable Object value) {
    return value == null ? "" : value.toString();
  }

  /**
   * Of every field but the cause, which only says why the key is as it is and is not known after a
   * restart.
   */
  static String hash(Map<String, Object> spec) {
    MessageDigest digest = sha256();
    new TreeMap<>(spec)
        .forEach(
            (field, value) -> {
              if (!field.equals("cause")) {
                add(digest, field);
                add(digest, value.toString());
              }
            });
    return Base64.getUrlEncoder().withoutPadding().encodeToString(digest.digest());
  }

  private static void add(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
    digest.update(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }
}
