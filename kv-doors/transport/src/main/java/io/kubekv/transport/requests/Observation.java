package io.kubekv.transport.requests;

import io.micrometer.core.instrument.MeterRegistry;

/** Who hears of requests: what counts them, and what follows them. */
public record Observation(MeterRegistry registry, Tracer tracer) {}
