package io.kubekv.k8s.view;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.kubekv.docker.DockerKey;
import io.kubekv.k8s.form.KeyValueDefinition;
import io.kubekv.k8s.form.KeyValueForm;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The form of the objects that show what Docker keeps: all of it stands in {@code status}.
 * Stateless and thread-safe.
 */
final class DockerForm {
  private static final int READABLE = 40;

  /** As many characters of an id as Docker shows. */
  private static final int SHORT_ID = 12;

  /** 130 bits of the hash of the key. */
  private static final int HASHED = 26;

  private static final ViewObject.ViewStatus NONE =
      new ViewObject.ViewStatus("", Optional.empty(), Optional.empty(), "", false, false);

  private DockerForm() {}

  /**
   * {@code metadata.name}: the beginning of the id, or the address, for people; and of the name of
   * the key's {@code KeyValue} object what makes it this key's alone, whatever the id is.
   */
  static String name(DockerKey subject) {
    String readable =
        switch (subject) {
          case DockerKey.Network network -> start(network.id(), SHORT_ID);
          case DockerKey.Overlay overlay -> start(overlay.network(), SHORT_ID);
          case DockerKey.Endpoint endpoint -> start(endpoint.id(), SHORT_ID);
          case DockerKey.Node node -> start(node.address(), READABLE);
        };
    String plain =
        readable.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    String hash = KeyValueForm.name(subject.key()).substring(1, 1 + HASHED);
    return plain.isEmpty() ? hash : plain + "-" + hash;
  }

  private static String start(String text, int most) {
    return text.substring(0, Math.min(most, text.length()));
  }

  /** The object of a subject, to be created. */
  static GenericKubernetesResource object(DockerKey subject, Map<String, Object> status) {
    GenericKubernetesResource object = new GenericKubernetesResource();
    object.setApiVersion(KeyValueDefinition.API_VERSION);
    object.setKind(DockerKind.of(subject).kind());
    object.setMetadata(new ObjectMetaBuilder().withName(name(subject)).build());
    object.setAdditionalProperty("status", status);
    return object;
  }

  /** Reads an object; its hash is of everything that we would write. */
  static ViewObject read(GenericKubernetesResource object) {
    Map<String, Object> status = ViewForm.map(object, "status");
    var metadata = object.getMetadata();
    return new ViewObject(
        metadata.getName(),
        String.valueOf(metadata.getUid()),
        Long.parseUnsignedLong(metadata.getResourceVersion()),
        String.valueOf(status.get("key")),
        false,
        hash(object.getAdditionalProperties()),
        metadata.getDeletionTimestamp() != null,
        ViewForm.isDecorated(metadata),
        false,
        "",
        NONE);
  }

  /** What {@link #read} has for an object of this content. */
  static String hashOf(Map<String, Object> status) {
    return hash(Map.of("status", status));
  }

  /** Whatever order an API gives to fields. */
  private static String hash(Map<String, Object> content) {
    return ViewForm.hash(Map.of("content", ordered(content)));
  }

  private static Object ordered(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> fields = new TreeMap<>();
      map.forEach((name, field) -> fields.put(String.valueOf(name), ordered(field)));
      return fields;
    }
    if (value instanceof List<?> list) {
      return list.stream().map(DockerForm::ordered).toList();
    }
    return String.valueOf(value);
  }
}
