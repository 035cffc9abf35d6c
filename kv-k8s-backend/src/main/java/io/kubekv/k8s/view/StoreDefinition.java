package io.kubekv.k8s.view;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The manifest of the type of {@code Store} objects, as shipped in the jar. */
public final class StoreDefinition {
  static final String KIND = "Store";
  static final String PLURAL = "stores";

  private StoreDefinition() {}

  /** The manifest as YAML, ready for {@code kubectl apply -f -}. */
  public static String yaml() {
    try (InputStream manifest = StoreDefinition.class.getResourceAsStream("stores.yaml")) {
      if (manifest == null) {
        throw new IllegalStateException("the jar lacks io/kubekv/k8s/view/stores.yaml: rebuild it");
      }
      return new String(manifest.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException("reading stores.yaml from the jar", unreadable);
    }
  }

  /** The manifest as an object to create or compare; a fresh one on each call. */
  public static CustomResourceDefinition definition() {
    return Serialization.unmarshal(yaml(), CustomResourceDefinition.class);
  }
}
