package io.kubekv.server.grpc;

import io.grpc.BindableService;
import io.grpc.ServerInterceptor;

/**
 * What is served beside {@code kubekv.v1} on the same port.
 *
 * @param service one more service
 * @param interceptor sees every call of every service first
 */
public record Companion(BindableService service, ServerInterceptor interceptor) {}
