package io.kubekv.transport.tracing;

import java.net.URI;

/**
 * Where traces go.
 *
 * @param endpoint takes spans by OTLP over HTTP: the whole URL, {@code /v1/traces} included
 * @param ratio the part of the traces that begin here, from 0 to 1; who comes with a trace of its
 *     own has decided for itself
 * @param targets whether spans show what requests name, keys among it
 * @param store the store's name
 * @param version this program's
 */
public record TracingSettings(
    URI endpoint, double ratio, boolean targets, String store, String version) {
  public TracingSettings {
    if (!(ratio >= 0 && ratio <= 1)) {
      throw new IllegalArgumentException("the ratio of traces is from 0 to 1, not " + ratio);
    }
  }
}
