package io.kubekv.e2e.faults.nemesis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.kubekv.e2e.api.ApiCall;
import io.kubekv.e2e.api.ApiRequest;
import java.util.Base64;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the requests of a store mean that is a log in a Kubernetes API. */
final class LogRequests {
  private static final String SLOTS = "storelogs";
  private static final Set<String> SNAPSHOTS = Set.of("storechunks", "storemanifests");

  private LogRequests() {}

  /** Puts an entry into the log. */
  static boolean isEntry(ApiRequest request) {
    return request.call().verb() == ApiCall.Verb.UPDATE && request.call().resource().equals(SLOTS);
  }

  /** Writes a part of a snapshot or of a segment, or says which parts there are, or removes one. */
  static boolean isSnapshot(ApiRequest request) {
    return request.call().changes() && SNAPSHOTS.contains(request.call().resource());
  }

  /** Looks at the lease, takes it, renews it or gives it up. */
  static boolean isLease(ApiRequest request) {
    return request.kind() == ApiRequest.Kind.LEASE;
  }

  /** Begins to follow the log: a list of it, or a watch. */
  static boolean isFollowing(ApiRequest request) {
    return !request.call().changes() && request.call().resource().equals(SLOTS);
  }

  /** Puts an entry into the log that has this text: a key or a value, of ASCII. */
  static Predicate<ApiRequest> entryWith(String text) {
    return request -> isEntry(request) && entry(request).contains(text);
  }

  /** Small entries are not packed, so that what they say can be found in their bytes. */
  private static String entry(ApiRequest request) {
    try {
      JsonNode spec = JsonMapper.shared().readTree(request.body()).path("spec");
      return new String(Base64.getDecoder().decode(spec.path("entry").asString("")), ISO_8859_1);
    } catch (JacksonException | IllegalArgumentException noEntry) {
      return "";
    }
  }
}
