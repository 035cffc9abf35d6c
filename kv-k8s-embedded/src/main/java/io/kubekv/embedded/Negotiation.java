package io.kubekv.embedded;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The {@code Accept} header: in which form an answer is wanted. Clauses are tried in the order in
 * which they stand, as kube-apiserver does; the first one that can be served wins. Clients that
 * would like protobuf or CBOR and name JSON after it get JSON.
 */
final class Negotiation {
  /** gnostic's openapi.v2.Document, which kubectl before 1.27 validates and explains with. */
  static final String OPENAPI_PROTOBUF =
      "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";

  private static final List<String> JSON = List.of("application/json");

  private Negotiation() {}

  /** The form of an object or a list. */
  enum Form {
    /** The object as it is. */
    OBJECT,
    /** meta.k8s.io Table, for people. */
    TABLE,
    /** meta.k8s.io PartialObjectMetadata(List): identity and metadata, no content. */
    METADATA
  }

  /**
   * The form of an object or a list, and the version of meta.k8s.io ({@code v1} or {@code v1beta1})
   * in which a Table or a PartialObjectMetadata is wanted.
   */
  record Answer(Form form, String metaVersion) {}

  /**
   * What to answer a get, list, create, update, patch or watch with.
   *
   * @param accept the header; empty when there is none
   * @throws ApiException 406 when nothing that it names can be served
   */
  static Answer object(String accept) {
    for (Clause clause : clauses(accept)) {
      if (clause.isJson()) {
        Optional<Answer> answer = clause.answer();
        if (answer.isPresent()) {
          return answer.get();
        }
      }
    }
    throw Statuses.notAcceptable(JSON);
  }

  /**
   * Which aggregated discovery ({@code v2} or {@code v2beta1}) is wanted; empty for the legacy
   * documents.
   *
   * @throws ApiException 406 when nothing that it names can be served
   */
  static Optional<String> discovery(String accept) {
    for (Clause clause : clauses(accept)) {
      if (clause.isJson()) {
        String version = clause.parameter("v");
        if (clause.parameter("as").isEmpty()) {
          return Optional.empty();
        }
        if (clause.parameter("g").equals("apidiscovery.k8s.io")
            && clause.parameter("as").equals("APIGroupDiscoveryList")
            && (version.equals("v2") || version.equals("v2beta1"))) {
          return Optional.of(version);
        }
      }
    }
    throw Statuses.notAcceptable(JSON);
  }

  /** The {@code Content-Type} of an aggregated discovery document of this version. */
  static String discoveryType(String version) {
    return "application/json;g=apidiscovery.k8s.io;v=" + version + ";as=APIGroupDiscoveryList";
  }

  /** Whether {@code /openapi/v2} is wanted in gnostic's protobuf rather than in JSON. */
  static boolean wantsProtobufOpenApi(String accept) {
    for (Clause clause : clauses(accept)) {
      if (clause.type().startsWith("application/com.github.proto-openapi.spec.v2")) {
        return true;
      }
      if (clause.isJson()) {
        return false;
      }
    }
    throw Statuses.notAcceptable(List.of("application/json", OPENAPI_PROTOBUF));
  }

  private record Clause(String type, Map<String, String> parameters) {
    boolean isJson() {
      return type.equals("application/json") || type.equals("*/*") || type.equals("application/*");
    }

    String parameter(String name) {
      return parameters.getOrDefault(name, "");
    }

    Optional<Answer> answer() {
      String as = parameter("as");
      if (as.isEmpty()) {
        return Optional.of(new Answer(Form.OBJECT, "v1"));
      }
      String version = parameter("v");
      boolean known = version.equals("v1") || version.equals("v1beta1");
      if (!parameter("g").equals("meta.k8s.io") || !known) {
        return Optional.empty();
      }
      return switch (as) {
        case "Table" -> Optional.of(new Answer(Form.TABLE, version));
        case "PartialObjectMetadata", "PartialObjectMetadataList" ->
            Optional.of(new Answer(Form.METADATA, version));
        default -> Optional.empty();
      };
    }
  }

  private static List<Clause> clauses(String accept) {
    List<Clause> clauses = new ArrayList<>();
    for (String text : (accept.isBlank() ? "*/*" : accept).split(",", -1)) {
      String[] parts = text.split(";", -1);
      Map<String, String> parameters = new HashMap<>();
      for (int i = 1; i < parts.length; i++) {
        int at = parts[i].indexOf('=');
        if (at > 0) {
          parameters.put(parts[i].substring(0, at).strip(), parts[i].substring(at + 1).strip());
        }
      }
      clauses.add(new Clause(parts[0].strip().toLowerCase(Locale.ROOT), parameters));
    }
    return clauses;
  }
}
