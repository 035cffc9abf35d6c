package io.kubekv.embedded;

/** In which form the client wants objects, by its Accept header. */
final class Rendering {
  private static final Rendering PLAIN = new Rendering();

  private Rendering() {}

  static Rendering of(ApiRequest request) {
    return PLAIN;
  }

  /** Sends one object. */
  void object(Answer answer, int code, Version version) {
    answer.json(code, version.json());
  }

  /** One object as it stands in a list or in a watch event. */
  byte[] item(Version version) {
    return version.json();
  }

  /** The object of a bookmark event. */
  byte[] bookmark(tools.jackson.databind.node.ObjectNode object) {
    return ObjectJson.MAPPER.writeValueAsBytes(object);
  }
}
