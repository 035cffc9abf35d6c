package io.kubekv.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Which snapshot a list is of, and which part of it.
 *
 * @param revision the snapshot to read
 * @param from the first key to look at; empty to begin at the beginning
 * @param limit how many objects at most; 0 for all
 */
record ListOptions(long revision, String from, long limit) {
  private static final ResourceType NAMED =
      new ResourceType(
          "meta.k8s.io",
          "v1",
          "listoptions",
          "listoptions",
          "ListOptions",
          "",
          List.of(),
          List.of(),
          false,
          ObjectJson.MAPPER.createObjectNode(),
          List.of(),
          List.of(),
          false);

  /** Reads limit, continue, resourceVersion and resourceVersionMatch, and checks the snapshot. */
  static ListOptions of(ApiRequest request, ObjectStore store) {
    long limit = request.number("limit");
    Optional<String> token = request.parameter("continue");
    long asked = resourceVersion(request);
    check(request, asked, token.isPresent());
    if (token.isPresent()) {
      return continued(token.get(), limit, store);
    }
    boolean exact =
        request
            .parameter("resourceVersionMatch")
            .map("Exact"::equals)
            .orElse(limit > 0 && asked > 0);
    return new ListOptions(snapshot(asked, exact, store), "", limit);
  }

  /** The revision to read at, for a reader who asks for {@code asked}; 0 stands for any. */
  static long snapshot(long asked, boolean exact, ObjectStore store) {
    long current = store.revision();
    if (Long.compareUnsigned(asked, current) > 0) {
      throw Statuses.tooLargeResourceVersion(asked, current);
    }
    if (exact && asked < store.floor()) {
      throw Statuses.expired("The resourceVersion for the provided list is too old.");
    }
    return exact ? asked : current;
  }

  /** The resourceVersion parameter; 400 when it is not a number. */
  static long resourceVersion(ApiRequest request) {
    return request.number("resourceVersion");
  }

  private static void check(ApiRequest request, long asked, boolean continued) {
    Optional<String> match = request.parameter("resourceVersionMatch");
    List<FieldError> errors = new ArrayList<>(0);
    if (match.isPresent()) {
      checkMatch(request, match.get(), asked, continued, errors);
    } else if (request.exchange().parameter("sendInitialEvents") != null
        && !request.flag("watch")) {
      errors.add(
          FieldError.forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list"));
    }
    if (!errors.isEmpty()) {
      throw Statuses.invalid(NAMED, "", errors);
    }
  }

  private static void checkMatch(
      ApiRequest request, String match, long asked, boolean continued, List<FieldError> errors) {
    String field = "resourceVersionMatch";
    if (continued) {
      errors.add(
          FieldError.forbidden(
              field, "resourceVersionMatch is forbidden when continue is provided"));
    }
    if (request.parameter("resourceVersion").isEmpty()) {
      errors.add(
          FieldError.forbidden(
              field, "resourceVersionMatch is forbidden unless resourceVersion is provided"));
    }
    if (!match.equals("Exact") && !match.equals("NotOlderThan")) {
      errors.add(
          new FieldError(
              FieldError.Type.NOT_SUPPORTED,
              field,
              "Unsupported value: "
                  + Statuses.quote(match)
                  + ": supported values: \"Exact\", \"NotOlderThan\""));
    } else if (match.equals("Exact") && asked == 0) {
      errors.add(
          FieldError.forbidden(
              field, "resourceVersionMatch \"Exact\" is forbidden for resourceVersion \"0\""));
    }
  }

  /** Refuses the options of a watch that the API refuses. */
  static boolean sendInitialEvents(ApiRequest request) {
    boolean wanted = request.flag("sendInitialEvents");
    Optional<String> match = request.parameter("resourceVersionMatch");
    List<FieldError> errors = new ArrayList<>(0);
    if (request.exchange().parameter("sendInitialEvents") == null) {
      if (match.isPresent()) {
        errors.add(
            FieldError.forbidden(
                "resourceVersionMatch",
                "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"));
      }
    } else if (!match.filter("NotOlderThan"::equals).isPresent()) {
      errors.add(
          FieldError.forbidden(
              "resourceVersionMatch",
              "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"));
    }
    if (!errors.isEmpty()) {
      throw Statuses.invalid(NAMED, "", errors);
    }
    return wanted;
  }

  /** The token that continues this list after a page that ended before {@code next}. */
  String token(String next) {
    JsonNode token =
        ObjectJson.MAPPER
            .createObjectNode()
            .put("v", "meta.k8s.io/v1")
            .put("rv", revision)
            .put("start", next);
    return java.util.Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(ObjectJson.MAPPER.writeValueAsBytes(token));
  }

  private static ListOptions continued(String token, long limit, ObjectStore store) {
    JsonNode parsed;
    try {
      parsed = ObjectJson.MAPPER.readTree(java.util.Base64.getUrlDecoder().decode(token));
    } catch (IllegalArgumentException | JacksonException e) {
      throw Statuses.badRequest("continue key is not valid: it is not a token of this server");
    }
    long revision = parsed.path("rv").asLong(0);
    if (revision <= 0 || revision > store.revision()) {
      throw Statuses.badRequest("continue key is not valid: it is not a token of this server");
    }
    if (revision < store.floor()) {
      throw Statuses.expired(Statuses.CONTINUE_EXPIRED);
    }
    return new ListOptions(revision, parsed.path("start").asString(""), limit);
  }
}
