package io.kubekv.server.grpc;

import io.grpc.BindableService;
import io.grpc.ServerInterceptor;
import java.util.List;

/**
 * What is served beside {@code kubekv.v1} on the same port.
 *
 * @param service one more service
 * @param interceptors see every call of every service first
 */
public record Companion(BindableService service, List<ServerInterceptor> interceptors) {
  public Companion {
    interceptors = List.copyOf(interceptors);
  }
}
