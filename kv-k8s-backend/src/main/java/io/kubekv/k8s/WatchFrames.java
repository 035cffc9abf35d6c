package io.kubekv.k8s;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.json.JsonFactory;

/** Reads the frames of a watch: {@code {"type":"MODIFIED","object":{...}}}, in one pass. */
final class WatchFrames {
  private static final JsonFactory JSON = new JsonFactory();

  private WatchFrames() {}

  /** What a frame is. */
  sealed interface Frame {}

  record Event(KubernetesApi.StreamEvent event) implements Frame {}

  /** An ERROR frame: the watch is over. */
  record Failed(ApiFailure failure) implements Frame {}

  /** A type that this version does not know. */
  record Unknown(String type) implements Frame {}

  /** {@link RuntimeException} on what is no frame. */
  static Frame read(byte[] json) {
    try (JsonParser in = JSON.createParser(json)) {
      require(in.nextToken() == JsonToken.START_OBJECT);
      require("type".equals(in.nextName()));
      String type = in.nextStringValue();
      require("object".equals(in.nextName()));
      require(in.nextToken() == JsonToken.START_OBJECT);
      return switch (type) {
        case "ADDED", "MODIFIED" ->
            event(new KubernetesApi.StreamEvent.Changed(ObjectJson.read(in)));
        case "DELETED" -> event(new KubernetesApi.StreamEvent.Removed(ObjectJson.read(in)));
        case "BOOKMARK" ->
            event(new KubernetesApi.StreamEvent.Bookmark(ObjectJson.readRevision(in)));
        case "ERROR" -> new Failed(failure(json));
        default -> new Unknown(type);
      };
    }
  }

  private static Frame event(KubernetesApi.StreamEvent event) {
    return new Event(event);
  }

  /** An error may be a Status of any shape; it is rare, so it is read the slow way. */
  private static ApiFailure failure(byte[] json) {
    String text = new String(json, StandardCharsets.UTF_8);
    ErrorFrame frame = Serialization.unmarshal(text, ErrorFrame.class);
    return KubernetesErrors.of(frame.object());
  }

  /** The form of an ERROR frame. */
  record ErrorFrame(String type, Status object) {}

  private static void require(boolean holds) {
    if (!holds) {
      throw new IllegalArgumentException("not a frame of a watch: type and object expected");
    }
  }
}
