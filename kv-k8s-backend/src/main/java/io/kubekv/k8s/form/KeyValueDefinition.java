package io.kubekv.k8s.form;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The manifest of the type of objects that show keys, as shipped in the jar: the one place that
 * says what they look like. {@link KeyValueForm} reads and writes that form.
 */
public final class KeyValueDefinition {
  static final String GROUP = "kubekv.io";
  static final String VERSION = "v1";
  public static final String API_VERSION = GROUP + "/" + VERSION;
  public static final String KIND = "KeyValue";
  public static final String PLURAL = "keyvalues";

  /** The name of the CustomResourceDefinition itself. */
  static final String NAME = PLURAL + "." + GROUP;

  private KeyValueDefinition() {}

  /** The manifest as YAML, ready for {@code kubectl apply -f -}. */
  public static String yaml() {
    try (InputStream manifest = KeyValueDefinition.class.getResourceAsStream("keyvalues.yaml")) {
      if (manifest == null) {
        throw new IllegalStateException(
            "the jar lacks io/kubekv/k8s/form/keyvalues.yaml: rebuild it");
      }
      return new String(manifest.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException("reading keyvalues.yaml from the jar", unreadable);
    }
  }

  /** The manifest as an object to create or compare; a fresh one on each call. */
  public static CustomResourceDefinition definition() {
    return Serialization.unmarshal(yaml(), CustomResourceDefinition.class);
  }
}
