package io.kubekv.embedded;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What creating, replacing and deleting an object mean, as pure functions of what is there: the
 * rules of k8s.io/apiserver/pkg/registry (rest.BeforeCreate, rest.BeforeUpdate, Store.Delete).
 */
final class ObjectEdits {
  /** Encoded objects above this are refused, as etcd refuses them by default. */
  static final int MAX_OBJECT_BYTES = 1_572_864;

  private final Clocks clocks;

  ObjectEdits(Clocks clocks) {
    this.clocks = clocks;
  }

  /**
   * Who writes what, in terms that do not depend on what is there.
   *
   * @param change who writes and when, for managedFields
   * @param apply whether this is a server-side apply, whose managedFields are already right
   */
  record Target(
      ServedType served,
      String name,
      String subresource,
      boolean dryRun,
      ServerSideApply.Change change,
      boolean apply) {
    ResourceType type() {
      return served.type();
    }
  }

  /** What a DELETE demands of the object. */
  record Preconditions(Optional<String> uid, Optional<String> resourceVersion) {}

  /** Stores a new object, which {@link ObjectMetadata#prepare} has completed. */
  Edit create(Target target, ObjectNode object) {
    byte[] template = encode(object);
    return current -> {
      if (current != null) {
        throw Statuses.alreadyExists(target.type(), target.name());
      }
      return put(target, template, 0);
    };
  }

  /** Replaces the object by {@code wanted}; {@code creation} is used where a PUT may create. */
  Edit replace(Target target, ObjectNode wanted, @Nullable Edit creation) {
    return current -> {
      if (current != null) {
        return update(target, current, wanted);
      }
      if (creation == null) {
        throw Statuses.notFound(target.type(), target.name());
      }
      return creation.decide(null);
    };
  }

  /** The decision to make {@code wanted} of what is there; {@code wanted} is not changed. */
  Edit.Decision update(Target target, Version current, ObjectNode wanted) {
    ObjectNode now = ObjectJson.parse(current);
    ObjectNode merged = merge(target, now, wanted);
    ObjectNode metadata = (ObjectNode) merged.path("metadata");
    checkIdentity(target, now.path("metadata"), metadata);
    carryOver(now.path("metadata"), metadata);
    if (target.served().rules() == ServedType.Rules.DEFINITION && target.subresource().isEmpty()) {
      target.served().validate(merged);
      Definitions.admit(target.type(), merged, clocks);
    }
    boolean untracked = target.apply() || FieldOwnership.carryOver(now, merged);
    if (FieldOwnership.sameButForTimes(merged, now)) {
      return new Edit.Decision.Keep(current);
    }
    if (!untracked) {
      ServerSideApply.trackUpdate(now, merged, target.type(), target.change());
    }
    target.served().validate(merged);
    if (metadata.has("deletionTimestamp") && metadata.path("finalizers").isEmpty()) {
      return new Edit.Decision.Remove();
    }
    countGeneration(target, now, merged);
    return put(target, encode(merged), current.revision());
  }

  private static ObjectNode merge(Target target, ObjectNode now, ObjectNode wanted) {
    boolean status = target.subresource().equals("status");
    ObjectNode merged = (status ? now : wanted).objectNode();
    merged.setAll(status ? now : wanted);
    if (status) {
      replaceField(merged, "status", wanted.path("status"));
    } else if (target.type().statusSubresource()) {
      replaceField(merged, "status", now.path("status"));
    }
    ObjectNode metadata = merged.objectNode();
    if (wanted.path("metadata") instanceof ObjectNode given) {
      metadata.setAll(given);
    }
    merged.set("metadata", metadata);
    return merged;
  }

  private static void replaceField(ObjectNode object, String field, JsonNode value) {
    if (value.isMissingNode()) {
      object.remove(field);
    } else {
      object.set(field, value);
    }
  }

  private static void checkIdentity(Target target, JsonNode now, ObjectNode wanted) {
    String uid = wanted.path("uid").asString("");
    String actualUid = now.path("uid").asString("");
    if (!uid.isEmpty() && !uid.equals(actualUid)) {
      throw Statuses.conflict(
          target.type(),
          target.name(),
          "Precondition failed: UID in precondition: %s, UID in object meta: %s"
              .formatted(uid, actualUid));
    }
    String revision = wanted.path("resourceVersion").asString("");
    if (revision.isEmpty() || revision.equals("0")) {
      if (!target.served().rules().unconditionalUpdate()) {
        throw Statuses.invalid(
            target.type(),
            target.name(),
            java.util.List.of(
                new FieldError(
                    FieldError.Type.INVALID,
                    "metadata.resourceVersion",
                    "Invalid value: 0x0: must be specified for an update")));
      }
    } else if (!revision.equals(now.path("resourceVersion").asString(""))) {
      ObjectMetadata.checkResourceVersion(target.type(), target.name(), revision);
      throw Statuses.conflict(target.type(), target.name(), Statuses.MODIFIED);
    }
  }

  /** What a client cannot change keeps its value. */
  private static void carryOver(JsonNode now, ObjectNode metadata) {
    for (String field : ObjectMetadata.SERVER_OWNED) {
      replaceField(metadata, field, now.path(field));
    }
  }

  private static void countGeneration(Target target, ObjectNode now, ObjectNode merged) {
    if (target.served().rules().generation()
        && !content(target, now).equals(content(target, merged))) {
      ObjectNode metadata = (ObjectNode) merged.path("metadata");
      metadata.put("generation", metadata.path("generation").asLong(0) + 1);
    }
  }

  private static ObjectNode content(Target target, ObjectNode object) {
    ObjectNode content = object.objectNode();
    content.setAll(object);
    content.remove("metadata");
    if (target.type().statusSubresource()) {
      content.remove("status");
    }
    return content;
  }

  /** Deletes the object, or marks it when finalizers or its contents must go first. */
  Edit delete(Target target, Preconditions preconditions) {
    return current -> {
      if (current == null) {
        throw Statuses.notFound(target.type(), target.name());
      }
      ObjectNode object = ObjectJson.parse(current);
      ObjectNode metadata = (ObjectNode) object.path("metadata");
      checkPreconditions(target, preconditions, metadata);
      boolean marked = metadata.has("deletionTimestamp");
      if (metadata.path("finalizers").isEmpty() && !holdsContents(target)) {
        return target.dryRun() ? new Edit.Decision.Keep(current) : new Edit.Decision.Remove();
      }
      if (marked) {
        return new Edit.Decision.Keep(current);
      }
      mark(object, metadata);
      return put(target, encode(object), current.revision());
    };
  }

  private static boolean holdsContents(Target target) {
    return switch (target.served().rules()) {
      case NAMESPACE, DEFINITION -> true;
      case LEASE, CUSTOM_RESOURCE -> false;
    };
  }

  private void mark(ObjectNode object, ObjectNode metadata) {
    metadata.put("deletionTimestamp", clocks.timestamp()).put("deletionGracePeriodSeconds", 0);
    if (object.path("kind").asString("").equals("Namespace")
        && object.path("status") instanceof ObjectNode status) {
      status.put("phase", "Terminating");
    }
  }

  private static void checkPreconditions(Target target, Preconditions wanted, ObjectNode metadata) {
    check(target, "UID", "UID", wanted.uid(), metadata.path("uid").asString(""));
    check(
        target,
        "ResourceVersion",
        "ResourceVersion",
        wanted.resourceVersion(),
        metadata.path("resourceVersion").asString(""));
  }

  private static void check(
      Target target, String named, String inMeta, Optional<String> wanted, String actual) {
    if (wanted.isPresent() && !wanted.get().equals(actual)) {
      throw Statuses.conflict(
          target.type(),
          target.name(),
          "Precondition failed: %s in precondition: %s, %s in object meta: %s"
              .formatted(named, wanted.get(), inMeta, actual));
    }
  }

  private static Edit.Decision put(Target target, byte[] template, long shownRevision) {
    return target.dryRun()
        ? new Edit.Decision.Keep(
            new Version(
                shownRevision, ObjectJson.withRevision(template, shownRevision), false, null))
        : new Edit.Decision.Put(template);
  }

  private static byte[] encode(ObjectNode object) {
    byte[] template = ObjectJson.template(object);
    if (template.length > MAX_OBJECT_BYTES) {
      throw Statuses.internalError("etcdserver: request is too large");
    }
    return template;
  }
}
