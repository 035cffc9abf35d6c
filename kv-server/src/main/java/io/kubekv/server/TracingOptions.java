package io.kubekv.server;

import io.kubekv.cli.BuildInfo;
import io.kubekv.transport.requests.Tracer;
import io.kubekv.transport.tracing.OtlpTracer;
import io.kubekv.transport.tracing.TracingSettings;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where {@code kubekv serve} sends traces. */
final class TracingOptions {
  private static final String PATH = "v1/traces";

  @Option(
      names = "--tracing-endpoint",
      paramLabel = "URL",
      description =
          "Where an OpenTelemetry collector takes traces by OTLP over HTTP, /v1/traces included"
              + " (OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, or below OTEL_EXPORTER_OTLP_ENDPOINT;"
              + " otherwise there are none).")
  @Nullable URI endpoint;

  @Option(
      names = "--tracing-ratio",
      paramLabel = "RATIO",
      description = "The part of the traces that begin here, from 0 to 1 (${DEFAULT-VALUE}).")
  double ratio = 1;

  @Option(names = "--tracing-keys", description = "Show keys in traces. Values never are.")
  boolean keys;

  /**
   * What follows requests; its classes are loaded only if there is something to send to.
   *
   * @param store the store's name
   */
  Tracer tracer(String store, Map<String, String> environment) {
    return endpoint(environment)
        .<Tracer>map(
            url ->
                OtlpTracer.open(
                    new TracingSettings(url, ratio, keys, store, BuildInfo.own().version())))
        .orElse(Tracer.NONE);
  }

  /** What was given, otherwise what OpenTelemetry's own variables say. */
  Optional<URI> endpoint(Map<String, String> environment) {
    return Optional.ofNullable(endpoint)
        .or(() -> named("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", environment))
        .or(
            () ->
                named("OTEL_EXPORTER_OTLP_ENDPOINT", environment)
                    .map(
                        base ->
                            URI.create(base + (base.toString().endsWith("/") ? "" : "/") + PATH)));
  }

  private static Optional<URI> named(String variable, Map<String, String> environment) {
    return Optional.ofNullable(environment.get(variable))
        .filter(value -> !value.isBlank())
        .map(URI::create);
  }
}
