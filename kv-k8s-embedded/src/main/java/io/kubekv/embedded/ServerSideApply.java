package io.kubekv.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code application/apply-patch+yaml}: the manager says which fields it wants and owns them from
 * then on; fields that it wanted before and wants no longer go away, unless somebody else owns them
 * too.
 *
 * <p>Only objects that have been applied keep {@code managedFields}: nobody pays for them on other
 * writes. An object that has none gets the manager {@code before-first-apply} when it is first
 * applied, as on kube-apiserver. Lists are owned as a whole.
 */
final class ServerSideApply {
  private static final String BEFORE = "before-first-apply";

  private ServerSideApply() {}

  /**
   * Who applies or updates, and when.
   *
   * @param manager the {@code fieldManager} parameter
   * @param time RFC 3339
   * @param force whether an apply takes fields from others ({@code force=true})
   */
  record Change(String manager, String time, boolean force) {}

  /**
   * The object that results; neither argument is changed. The caller prunes, defaults, validates
   * and stores it like any other.
   *
   * @param live the stored object; empty when there is none, and the result is then created
   * @param applied the body of the request, with the name and namespace of the URL
   * @throws ApiException 422 without a manager, 400 when the body has managedFields, 409 with a
   *     cause for each field that another manager owns with another value
   */
  static ObjectNode apply(
      Optional<ObjectNode> live, ObjectNode applied, ResourceType type, Change change) {
    requireSound(applied, type, change);
    ObjectNode base = live.orElseGet(applied::objectNode);
    FieldSet wanted = FieldSet.of(applied, type.schema());
    FieldManagers managers = FieldManagers.of(base);
    if (managers.entries().isEmpty() && live.isPresent()) {
      FieldSet existing = FieldSet.of(base, type.schema());
      managers.put(entry(BEFORE, FieldManagers.UPDATE, type, change, existing));
    }
    settleConflicts(managers, wanted, base, applied, change);
    FieldSet before = managers.owned(change.manager(), FieldManagers.APPLY);
    managers.put(entry(change.manager(), FieldManagers.APPLY, type, change, wanted));
    ObjectNode result = live.isPresent() ? merge(base, applied, wanted) : applied.deepCopy();
    for (List<String> path : before.paths()) {
      if (managers.entries().stream().noneMatch(e -> e.fields().containsRelated(path))) {
        remove(result, path);
      }
    }
    managers.writeTo(result);
    return result;
  }

  /**
   * Gives the fields that an update has changed to whoever updated, in the {@code managedFields} of
   * {@code after}. Does nothing for objects that have never been applied.
   */
  static void trackUpdate(ObjectNode before, ObjectNode after, ResourceType type, Change change) {
    FieldManagers managers = FieldManagers.of(before);
    if (managers.entries().isEmpty()) {
      return;
    }
    FieldSet changed =
        FieldSet.of(after, type.schema())
            .where(path -> !FieldSet.at(before, path).equals(FieldSet.at(after, path)));
    FieldSet gone =
        FieldSet.of(before, type.schema()).where(path -> FieldSet.at(after, path).isMissingNode());
    for (FieldManagers.Entry entry : managers.entries()) {
      changed.paths().forEach(entry.fields()::removeRelated);
      gone.paths().forEach(entry.fields()::removeRelated);
    }
    changed.addAll(managers.owned(change.manager(), FieldManagers.UPDATE));
    managers.put(entry(change.manager(), FieldManagers.UPDATE, type, change, changed));
    managers.writeTo(after);
  }

  private static void requireSound(ObjectNode applied, ResourceType type, Change change) {
    if (change.manager().isEmpty()) {
      throw Statuses.invalid(
          type,
          applied.at("/metadata/name").asString(""),
          List.of(FieldError.required("fieldManager", "is required for apply patch")));
    }
    if (applied.path("metadata").has("managedFields")) {
      throw Statuses.badRequest("metadata.managedFields must be nil");
    }
  }

  private static FieldManagers.Entry entry(
      String manager, String operation, ResourceType type, Change change, FieldSet fields) {
    return new FieldManagers.Entry(manager, operation, type.apiVersion(), change.time(), fields);
  }

  private static void settleConflicts(
      FieldManagers managers, FieldSet wanted, JsonNode live, JsonNode applied, Change change) {
    List<Statuses.Cause> causes = new ArrayList<>();
    for (FieldManagers.Entry other : managers.entries()) {
      if (other.isOf(change.manager(), FieldManagers.APPLY)) {
        continue;
      }
      for (List<String> path : wanted.paths()) {
        boolean differs = !FieldSet.at(live, path).equals(FieldSet.at(applied, path));
        if (differs && other.fields().containsRelated(path)) {
          causes.add(
              new Statuses.Cause("FieldManagerConflict", other.conflict(), FieldSet.dotted(path)));
          other.fields().removeRelated(path);
        }
      }
    }
    if (!causes.isEmpty() && !change.force()) {
      throw Statuses.applyConflict(causes, message(causes));
    }
  }

  private static String message(List<Statuses.Cause> causes) {
    StringBuilder message = new StringBuilder("Apply failed with ").append(causes.size());
    message.append(causes.size() == 1 ? " conflict" : " conflicts");
    for (Statuses.Cause cause : causes) {
      message.append(causes.size() == 1 ? ": " : "\n- ");
      message.append(cause.message()).append(": ").append(cause.field());
    }
    return message.toString();
  }

  private static ObjectNode merge(ObjectNode live, ObjectNode applied, FieldSet wanted) {
    ObjectNode result = live.deepCopy();
    for (List<String> path : wanted.paths()) {
      ObjectNode parent = result;
      for (String name : path.subList(0, path.size() - 1)) {
        parent = parent.get(name) instanceof ObjectNode below ? below : parent.putObject(name);
      }
      parent.set(path.getLast(), FieldSet.at(applied, path).deepCopy());
    }
    return result;
  }

  /** Removes a field, and what held it when that is empty then. */
  private static void remove(ObjectNode object, List<String> path) {
    for (int length = path.size(); length > 1 || length == path.size(); length--) {
      List<String> parentPath = path.subList(0, length - 1);
      if (!(FieldSet.at(object, parentPath) instanceof ObjectNode parent)) {
        return;
      }
      parent.remove(path.get(length - 1));
      if (!parent.isEmpty() || parentPath.isEmpty()) {
        return;
      }
    }
  }
}
