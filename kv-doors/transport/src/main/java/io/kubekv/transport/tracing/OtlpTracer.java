package io.kubekv.transport.tracing;

import io.kubekv.transport.requests.RequestMeters.Outcome;
import io.kubekv.transport.requests.Tracer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A span a request, sent in batches by a thread of OpenTelemetry's. A collector that is slow or
 * away costs spans and nothing else. Values are never in them. Thread-safe.
 */
public final class OtlpTracer implements Tracer {
  private static final int CLOSE_SECONDS = 3;
  private static final AttributeKey<String> DOOR = AttributeKey.stringKey("kubekv.door");
  private static final AttributeKey<String> VERB = AttributeKey.stringKey("kubekv.verb");
  private static final AttributeKey<String> STORE = AttributeKey.stringKey("kubekv.store");
  private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("kubekv.outcome");
  private static final AttributeKey<String> TARGET = AttributeKey.stringKey("kubekv.target");
  private static final Pattern PARENT =
      Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})");

  private final TracingSettings settings;
  private final SdkTracerProvider provider;
  private final io.opentelemetry.api.trace.Tracer tracer;

  private OtlpTracer(TracingSettings settings, SdkTracerProvider provider) {
    this.settings = settings;
    this.provider = provider;
    this.tracer = provider.get("io.kubekv.server");
  }

  /** Begins to send; does not wait for the endpoint. */
  public static OtlpTracer open(TracingSettings settings) {
    OtlpHttpSpanExporter exporter =
        OtlpHttpSpanExporter.builder().setEndpoint(settings.endpoint().toString()).build();
    Resource self =
        Resource.create(
            Attributes.of(
                AttributeKey.stringKey("service.name"),
                "kubekv",
                AttributeKey.stringKey("service.version"),
                settings.version(),
                STORE,
                settings.store()));
    return new OtlpTracer(
        settings,
        SdkTracerProvider.builder()
            .setResource(Resource.getDefault().merge(self))
            .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(settings.ratio())))
            .addSpanProcessor(BatchSpanProcessor.builder(exporter).build())
            .build());
  }

  @Override
  public Span begin(String door, String verb, String target, @Nullable String parent) {
    SpanBuilder builder =
        tracer
            .spanBuilder(door + " " + verb)
            .setSpanKind(SpanKind.SERVER)
            .setParent(context(parent))
            .setAttribute(DOOR, door)
            .setAttribute(STORE, settings.store());
    if (settings.targets()) {
      builder.setAttribute(TARGET, target);
    }
    return new Request(builder.startSpan(), door);
  }

  /** What is no trace is as if it were not there. */
  private static Context context(@Nullable String parent) {
    Matcher parts = parent == null ? null : PARENT.matcher(parent);
    if (parts == null || !parts.matches()) {
      return Context.root();
    }
    SpanContext remote =
        SpanContext.createFromRemoteParent(
            parts.group(1),
            parts.group(2),
            TraceFlags.fromHex(parts.group(3), 0),
            TraceState.getDefault());
    return remote.isValid()
        ? Context.root().with(io.opentelemetry.api.trace.Span.wrap(remote))
        : Context.root();
  }

  @Override
  public void close() {
    provider.shutdown().join(CLOSE_SECONDS, TimeUnit.SECONDS);
  }

  private static final class Request implements Span {
    private final io.opentelemetry.api.trace.Span span;
    private final String door;
    private final AtomicBoolean ended = new AtomicBoolean();

    Request(io.opentelemetry.api.trace.Span span, String door) {
      this.span = span;
      this.door = door;
    }

    @Override
    public String parent() {
      SpanContext own = span.getSpanContext();
      return "00-" + own.getTraceId() + "-" + own.getSpanId() + "-" + own.getTraceFlags().asHex();
    }

    @Override
    public void end(String verb, Outcome outcome) {
      if (!ended.compareAndSet(false, true)) {
        return;
      }
      span.updateName(door + " " + verb);
      span.setAttribute(VERB, verb);
      span.setAttribute(OUTCOME, outcome.name().toLowerCase(Locale.ROOT));
      if (outcome == Outcome.FAILED) {
        span.setStatus(StatusCode.ERROR);
      }
      span.end();
    }
  }
}
