package io.kubekv.k8s.log;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.kubekv.k8s.api.ApiKind;
import io.kubekv.k8s.api.DefinitionInstall;
import io.kubekv.k8s.snapshot.SnapshotKinds;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** The types of objects that a log consists of, as shipped in the jar. */
public final class LogKinds {
  static final ApiKind SLOT = new ApiKind("StoreLog", "storelogs");

  private LogKinds() {}

  /** Every type, as a CustomResourceDefinition; fresh ones on each call. */
  public static List<CustomResourceDefinition> definitions() {
    return List.of(SLOT, SnapshotKinds.CHUNK, SnapshotKinds.MANIFEST).stream()
        .map(kind -> Serialization.unmarshal(yaml(kind), CustomResourceDefinition.class))
        .toList();
  }

  /**
   * Installs every type, where that is allowed. Blocks until they are served, and returns with a
   * line of the log when that takes longer than {@code patience}.
   */
  public static void install(KubernetesClient client, Duration patience) {
    DefinitionInstall.install(client, definitions(), patience);
  }

  private static String yaml(ApiKind kind) {
    String name = kind.plural() + ".yaml";
    try (InputStream manifest = LogKinds.class.getResourceAsStream(name)) {
      if (manifest == null) {
        throw new IllegalStateException("the jar lacks " + name + ": rebuild it");
      }
      return new String(manifest.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException("reading " + name + " from the jar", unreadable);
    }
  }
}
