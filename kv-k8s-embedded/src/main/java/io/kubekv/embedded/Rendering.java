package io.kubekv.embedded;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * In which form a client wants objects, by its Accept header. The plain form is sent as it is
 * stored; the others are made of the parsed object.
 *
 * @param served the type of the objects
 * @param wanted what has been negotiated
 * @param include what a Table's rows carry
 * @param clocks what a Table's ages are counted to
 */
record Rendering(
    ServedType served,
    Negotiation.Answer wanted,
    TableOutput.IncludeObject include,
    Clocks clocks) {
  private static final Negotiation.Answer PLAIN =
      new Negotiation.Answer(Negotiation.Form.OBJECT, "v1");

  /** Negotiates; throws 406 when nothing that the client accepts can be served. */
  static Rendering of(ApiRequest request) {
    String accept = request.exchange().header("Accept");
    Negotiation.Answer wanted =
        accept == null || accept.equals("application/json") || accept.equals("*/*")
            ? PLAIN
            : Negotiation.object(accept);
    TableOutput.IncludeObject include =
        wanted.form() == Negotiation.Form.TABLE
            ? TableOutput.IncludeObject.parse(request.parameter("includeObject").orElse(""))
            : TableOutput.IncludeObject.NONE;
    return new Rendering(request.served(), wanted, include, request.clocks());
  }

  boolean plain() {
    return wanted.form() == Negotiation.Form.OBJECT;
  }

  /** Sends one object. */
  void object(Answer answer, int code, Version version) {
    answer.json(code, watched(version, true));
  }

  /**
   * One object as it stands in an answer or a watch event; only the first one has Table columns.
   */
  byte[] watched(Version version, boolean first) {
    if (plain()) {
      return version.json();
    }
    return single(parse(version), first);
  }

  /** What of an object is rendered. */
  private ObjectNode parse(Version version) {
    return wanted.form() == Negotiation.Form.METADATA
        ? ObjectJson.parseHead(version)
        : ObjectJson.parse(version);
  }

  /** The object of a bookmark event. */
  byte[] bookmark(ObjectNode object) {
    return plain() ? ObjectJson.MAPPER.writeValueAsBytes(object) : single(object, false);
  }

  private byte[] single(ObjectNode object, boolean first) {
    JsonNode rendered =
        switch (wanted.form()) {
          case OBJECT -> object;
          case METADATA -> TableOutput.metadata(object, wanted.metaVersion());
          case TABLE -> table(List.of(object), object.path("metadata"), first);
        };
    return ObjectJson.MAPPER.writeValueAsBytes(rendered);
  }

  /** A whole list that is not plain; {@code listMeta} is the list's metadata. */
  byte[] list(List<Version> versions, ObjectNode listMeta) {
    List<ObjectNode> objects = versions.stream().map(this::parse).toList();
    JsonNode rendered =
        wanted.form() == Negotiation.Form.METADATA
            ? TableOutput.metadataList(objects, listMeta, wanted.metaVersion())
            : table(objects, listMeta, true);
    return ObjectJson.MAPPER.writeValueAsBytes(rendered);
  }

  private ObjectNode table(List<ObjectNode> objects, JsonNode meta, boolean header) {
    return served
        .output()
        .table(objects, meta, wanted.metaVersion(), include, header, clocks.wall().instant());
  }
}
