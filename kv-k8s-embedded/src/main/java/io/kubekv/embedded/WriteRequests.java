package io.kubekv.embedded;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** POST, PUT, PATCH and DELETE of one object. Runs on any thread and blocks nowhere. */
final class WriteRequests {
  static final String APPLY_PATCH = "application/apply-patch+yaml";
  private static final String JSON_PATCH = "application/json-patch+json";
  private static final String MERGE_PATCH = "application/merge-patch+json";
  private static final String STRATEGIC_PATCH = "application/strategic-merge-patch+json";

  private final ObjectStore store;
  private final ServedTypes types;
  private final Clocks clocks;
  private final ObjectEdits edits;
  private final Contents contents;

  WriteRequests(ObjectStore store, ServedTypes types, Clocks clocks) {
    this.store = store;
    this.types = types;
    this.clocks = clocks;
    this.edits = new ObjectEdits(clocks);
    this.contents = new Contents(store, types);
  }

  Contents contents() {
    return contents;
  }

  void create(ApiRequest request, Answer answer) {
    JsonBody body = request.object();
    ObjectNode object = ApiRequest.asObject(body.root());
    ObjectMetadata.of(request, object);
    ((ObjectNode) object.path("metadata")).remove("managedFields");
    Warnings warnings = new Warnings(request);
    Edit edit = creation(request, warnings, object, body.duplicates());
    String name = object.path("metadata").path("name").asString("");
    submit(request, ObjectTable.key(request.namespace(), name), edit, warnings, answer);
  }

  /** The edit that creates this object, after everything that can be checked without the store. */
  private Edit creation(
      ApiRequest request, Warnings warnings, ObjectNode object, List<String> duplicates) {
    ServedType served = request.served();
    ObjectMetadata.prepare(served, object, clocks);
    warnings.note(duplicates, served.schema().normalize(object));
    ObjectMetadata.checkNames(served, object);
    String name = object.path("metadata").path("name").asString("");
    requireNamespace(request, name);
    switch (served.rules()) {
      case NAMESPACE -> completeNamespace(object, name);
      case DEFINITION -> {
        served.validate(object);
        object.remove("status");
        Definitions.admit(served.type(), object, clocks);
      }
      case CUSTOM_RESOURCE -> {
        if (served.type().statusSubresource()) {
          object.remove("status");
        }
      }
      case LEASE -> {}
    }
    served.validate(object);
    return edits.create(target(request, name, false), object);
  }

  static void completeNamespace(ObjectNode object, String name) {
    ObjectNode metadata = (ObjectNode) object.path("metadata");
    ObjectNode labels =
        metadata.path("labels") instanceof ObjectNode given ? given : metadata.putObject("labels");
    labels.put("kubernetes.io/metadata.name", name);
    object.putObject("spec").putArray("finalizers").add("kubernetes");
    object.putObject("status").put("phase", "Active");
  }

  private void requireNamespace(ApiRequest request, String name) {
    ResourceType type = request.type();
    if (!type.namespaced()) {
      return;
    }
    ServedType namespaces = types.namespaces();
    Version found = store.read(namespaces.table(), ObjectTable.key("", request.namespace()));
    if (found == null) {
      throw Statuses.notFound(namespaces.type(), request.namespace());
    }
    if (contents.isTerminating(request.namespace())) {
      throw Statuses.forbidden(
          type,
          name,
          "unable to create new content in namespace "
              + request.namespace()
              + " because it is being terminated");
    }
  }

  void replace(ApiRequest request, Answer answer) {
    JsonBody body = request.object();
    store.expect();
    ObjectNode object = ApiRequest.asObject(body.root());
    ObjectNode metadata = ObjectMetadata.of(request, object);
    String name = metadata.path("name").asString("");
    if (!name.equals(request.name())) {
      throw Statuses.badRequest(
          name.isEmpty()
              ? "name must be provided"
              : "the name of the object (%s) does not match the name on the URL (%s)"
                  .formatted(name, request.name()));
    }
    ServedType served = request.served();
    Warnings warnings = new Warnings(request);
    Edit creation = null;
    if (served.rules().createOnUpdate() && request.path().subresource().isEmpty()) {
      creation = creationByUpdate(request, warnings, object);
    }
    warnings.note(body.duplicates(), served.schema().normalize(object));
    submit(
        request,
        request.key(),
        edits.replace(target(request, name, false), object, creation),
        warnings,
        answer);
  }

  private @Nullable Edit creationByUpdate(
      ApiRequest request, Warnings warnings, ObjectNode object) {
    if (store.read(request.served().table(), request.key()) != null) {
      return null;
    }
    ObjectNode fresh = object.deepCopy();
    ((ObjectNode) fresh.path("metadata")).remove("resourceVersion");
    return creation(request, warnings, fresh, List.of());
  }

  void patch(ApiRequest request, Answer answer) {
    ServedType served = request.served();
    switch (request.contentType()) {
      case JSON_PATCH -> {
        JsonNode patch = JsonBody.parse(request.body().getBytes()).root();
        patch(request, answer, object -> JsonPatch.apply(object, patch));
      }
      case MERGE_PATCH -> {
        JsonNode patch = JsonBody.parse(request.body().getBytes()).root();
        patch(request, answer, object -> JsonMergePatch.apply(object, patch));
      }
      case STRATEGIC_PATCH -> {
        if (served.rules() == ServedType.Rules.CUSTOM_RESOURCE) {
          throw Statuses.unsupportedMediaType(List.of(JSON_PATCH, MERGE_PATCH, APPLY_PATCH));
        }
        JsonNode patch = JsonBody.parse(request.body().getBytes()).root();
        patch(request, answer, object -> JsonMergePatch.applyStrategic(object, patch));
      }
      case APPLY_PATCH -> apply(request, answer);
      default ->
          throw Statuses.unsupportedMediaType(
              List.of(JSON_PATCH, MERGE_PATCH, STRATEGIC_PATCH, APPLY_PATCH));
    }
  }

  private void patch(
      ApiRequest request, Answer answer, java.util.function.UnaryOperator<ObjectNode> patch) {
    ObjectEdits.Target target = target(request, request.name(), false);
    Warnings warnings = new Warnings(request);
    Edit edit =
        current -> {
          if (current == null) {
            throw Statuses.notFound(target.type(), target.name());
          }
          ObjectNode patched = patch.apply(ObjectJson.parse(current));
          checkPatched(request, patched);
          warnings.note(List.of(), request.served().schema().normalize(patched));
          return edits.update(target, current, patched);
        };
    submit(request, request.key(), edit, warnings, answer);
  }

  private static void checkPatched(ApiRequest request, ObjectNode patched) {
    ObjectNode metadata = ObjectMetadata.of(request, patched);
    String name = metadata.path("name").asString("");
    if (!name.equals(request.name())) {
      throw Statuses.badRequest(
          "the name of the object (%s) does not match the name on the URL (%s)"
              .formatted(name, request.name()));
    }
  }

  /** Server-side apply: creates the object or merges the fields that the manager wants. */
  private void apply(ApiRequest request, Answer answer) {
    ObjectNode applied = ApiRequest.asObject(Yaml.read(request.body().getBytes()).root());
    ObjectNode metadata = ObjectMetadata.of(request, applied);
    if (metadata.path("name").asString("").isEmpty()) {
      metadata.put("name", request.name());
    }
    checkPatched(request, applied);
    ServedType served = request.served();
    ObjectEdits.Target target = target(request, request.name(), true);
    Warnings warnings = new Warnings(request);
    Edit edit =
        current -> {
          Optional<ObjectNode> live = Optional.ofNullable(current).map(ObjectJson::parse);
          ObjectNode result = ServerSideApply.apply(live, applied, served.type(), target.change());
          if (current == null) {
            return creation(request, warnings, result, List.of()).decide(null);
          }
          warnings.note(List.of(), served.schema().normalize(result));
          return edits.update(target, current, result);
        };
    submit(request, request.key(), edit, warnings, answer);
  }

  void delete(ApiRequest request, Answer answer) {
    ObjectEdits.Target target = deletionTarget(request, request.name());
    if (request.served().rules() == ServedType.Rules.NAMESPACE
        && request.name().equals("default")) {
      throw Statuses.forbidden(request.type(), "default", "this namespace may not be deleted");
    }
    Edit edit = edits.delete(target, DeleteOptions.parse(request).preconditions());
    store.submit(request.served().table(), request.key(), edit, new DeleteReply(request, answer));
  }

  /** Deletes one object of a collection; {@code reply} hears how it ended. */
  void deleteOne(ApiRequest request, String key, String name, ObjectStore.Reply reply) {
    ObjectEdits.Target target = deletionTarget(request, name);
    Edit edit =
        edits.delete(target, new ObjectEdits.Preconditions(Optional.empty(), Optional.empty()));
    store.submit(request.served().table(), key, edit, reply);
  }

  private ObjectEdits.Target deletionTarget(ApiRequest request, String name) {
    return new ObjectEdits.Target(
        request.served(),
        name,
        "",
        DeleteOptions.parse(request).dryRun(),
        new ServerSideApply.Change("", clocks.timestamp(), false),
        false);
  }

  private ObjectEdits.Target target(ApiRequest request, String name, boolean apply) {
    return new ObjectEdits.Target(
        request.served(),
        name,
        request.path().subresource(),
        request.dryRun(),
        new ServerSideApply.Change(
            manager(request, apply), clocks.timestamp(), request.flag("force")),
        apply);
  }

  /** The fieldManager parameter; an update without one is its user agent's. */
  private static String manager(ApiRequest request, boolean apply) {
    String agent = Optional.ofNullable(request.exchange().header("User-Agent")).orElse("unknown");
    int slash = agent.indexOf('/');
    String program = slash < 0 ? agent : agent.substring(0, slash);
    return request.parameter("fieldManager").orElse(apply ? "" : program);
  }

  private void submit(ApiRequest request, String key, Edit edit, Warnings warnings, Answer answer) {
    store.submit(
        request.served().table(),
        key,
        edit,
        new ObjectStore.Reply() {
          @Override
          public void done(ObjectStore.Committed committed) {
            warnings.addTo(request.exchange());
            boolean created = committed.created() || request.exchange().method().equals("POST");
            Rendering.of(request).object(answer, created ? 201 : 200, committed.version());
            contents.afterChange(request.served(), committed);
          }

          @Override
          public void refused(ApiException why) {
            answer.refuse(why);
          }
        });
  }

  /** Answers a DELETE: a Status when the object is gone, the object when it is only marked. */
  private final class DeleteReply implements ObjectStore.Reply {
    private final ApiRequest request;
    private final Answer answer;

    DeleteReply(ApiRequest request, Answer answer) {
      this.request = request;
      this.answer = answer;
    }

    @Override
    public void done(ObjectStore.Committed committed) {
      Version version = committed.version();
      if (version.deleted() || DeleteOptions.parse(request).dryRun()) {
        String uid = ObjectJson.parse(version).path("metadata").path("uid").asString("");
        answer.json(200, Statuses.deleted(request.type(), request.name(), uid));
      } else {
        answer.json(200, version.json());
        contents.afterChange(request.served(), committed);
      }
    }

    @Override
    public void refused(ApiException why) {
      answer.refuse(why);
    }
  }
}
