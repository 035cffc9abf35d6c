package io.kubekv.k8s.view;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** The manifests of the types that show what Docker keeps, as shipped in the jar. */
public final class DockerDefinitions {
  private DockerDefinitions() {}

  /** The manifests as objects to create or compare; fresh ones on each call. */
  public static List<CustomResourceDefinition> definitions() {
    return Stream.of(DockerKind.values())
        .map(kind -> Serialization.unmarshal(yaml(kind), CustomResourceDefinition.class))
        .toList();
  }

  private static String yaml(DockerKind kind) {
    String name = kind.plural() + ".yaml";
    try (InputStream manifest = DockerDefinitions.class.getResourceAsStream(name)) {
      if (manifest == null) {
        throw new IllegalStateException(
            "the jar lacks io/kubekv/k8s/view/" + name + ": rebuild it");
      }
      return new String(manifest.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException("reading " + name + " from the jar", unreadable);
    }
  }
}
