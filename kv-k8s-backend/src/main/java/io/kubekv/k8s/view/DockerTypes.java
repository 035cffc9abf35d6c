package io.kubekv.k8s.view;

import io.kubekv.docker.DockerKey;
import io.kubekv.k8s.api.ApiCallException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The objects of all of Docker's types. Belongs to the view's thread. */
final class DockerTypes implements AutoCloseable {
  private final Map<DockerKind, DockerObjects> types = new EnumMap<>(DockerKind.class);

  /** An object that shows nothing that there is. */
  record Excess(DockerObjects of, String name) {}

  DockerTypes(Surroundings around, WriteBudget budget) {
    for (DockerKind kind : DockerKind.values()) {
      types.put(kind, new DockerObjects(around.docker().apply(kind), around, budget));
    }
  }

  /** Those among which a subject's is. */
  DockerObjects of(DockerKey subject) {
    return Objects.requireNonNull(types.get(DockerKind.of(subject)));
  }

  /** The object of a subject, as far as is known. */
  @Nullable ViewObject get(DockerKey subject) {
    return of(subject).get(DockerForm.name(subject));
  }

  int size() {
    return types.values().stream().mapToInt(DockerObjects::size).sum();
  }

  /** Whether there is any, without watching them. */
  boolean isAny() throws ApiCallException {
    for (DockerObjects each : types.values()) {
      if (each.isAny()) {
        return true;
      }
    }
    return false;
  }

  /** {@link DockerObjects#follow} for all. */
  boolean follow() throws ApiCallException {
    boolean isStrange = false;
    for (DockerObjects each : types.values()) {
      isStrange |= each.follow();
    }
    return isStrange;
  }

  /**
   * What shows nothing that there is.
   *
   * @param names of the objects of all subjects
   */
  List<Excess> excess(Set<String> names) {
    List<Excess> excess = new ArrayList<>();
    for (DockerObjects each : types.values()) {
      each.all().stream()
          .map(ViewObject::name)
          .filter(name -> !names.contains(name))
          .forEach(name -> excess.add(new Excess(each, name)));
    }
    return excess;
  }

  @Override
  public void close() {
    types.values().forEach(DockerObjects::close);
  }
}
