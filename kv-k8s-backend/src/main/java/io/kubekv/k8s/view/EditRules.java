package io.kubekv.k8s.view;

import io.kubekv.Attachment;
import io.kubekv.Entry;
import io.kubekv.Expiry;
import io.kubekv.Key;
import io.kubekv.Kind;
import io.kubekv.Lookup;
import io.kubekv.Precondition;
import io.kubekv.PutRequest;
import io.kubekv.k8s.form.KeyValueForm;
import io.kubekv.k8s.form.KeyValueForm.Content;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What an edit may change, and the put that it asks for. */
final class EditRules {
  private static final Set<String> EDITABLE = Set.of("value", "valueBase64", "flags", "ttl");

  private EditRules() {}

  static PutRequest request(Content content, Precondition precondition) {
    PutRequest plain =
        content.kind() == Kind.DIRECTORY
            ? PutRequest.directory(content.key())
            : PutRequest.of(content.key(), content.value()).withFlags(content.flags());
    PutRequest request = plain.withPrecondition(precondition).withAttachment(Attachment.KEEP);
    return content.ttl().map(request::withTimeToLive).orElse(request);
  }

  /** Whether the entry is what the edit asks for. */
  static boolean isSame(Content content, Entry entry) {
    return content.kind() == entry.kind()
        && content.value().equals(entry.value())
        && content.flags() == entry.flags()
        && content.ttl().equals(entry.expiry().map(Expiry::timeToLive));
  }

  static boolean isAt(Content content, Lookup found) {
    return found.entry().filter(entry -> isSame(content, entry)).isPresent();
  }

  /** A field that differs from the entry's and that no edit may change. */
  static Optional<String> otherThanEditable(Map<String, Object> spec, Entry entry) {
    Map<String, Object> ours = ViewBodies.spec(entry);
    return Stream.concat(spec.keySet().stream(), ours.keySet().stream())
        .filter(field -> !EDITABLE.contains(field) && !field.equals("cause"))
        .filter(field -> !String.valueOf(spec.get(field)).equals(String.valueOf(ours.get(field))))
        .findFirst();
  }

  /** The field in which an object that was made again must still be like the entry. */
  static Optional<String> otherThanReplaceable(Content content, Entry entry) {
    return content.kind() == entry.kind() ? Optional.empty() : Optional.of("type");
  }

  /** What is wrong with an object that does not read as a key's, for people. */
  static String problem(ViewObject seen, String problem) {
    String inWords = problem.contains("base64") ? "spec.valueBase64: " + problem : problem;
    return misnamed(seen).orElse(inWords);
  }

  /** The one mistake that everybody makes who writes an object by hand. */
  private static Optional<String> misnamed(ViewObject seen) {
    if (seen.ownKey().isPresent() || seen.key().isEmpty()) {
      return Optional.empty();
    }
    try {
      String name = KeyValueForm.name(Key.of(seen.key()));
      return Optional.of("the object of the key " + seen.key() + " has the name " + name);
    } catch (IllegalArgumentException noKey) {
      return Optional.empty();
    }
  }
}
