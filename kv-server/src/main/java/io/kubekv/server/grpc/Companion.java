package io.kubekv.server.grpc;

import io.grpc.BindableService;
import io.grpc.ServerInterceptor;
import java.util.List;
import java.util.Set;

/**
 * What is served beside {@code kubekv.v1} on the same port.
 *
 * @param service one more service
 * @param interceptors see every call of every service first
 * @param forUsers its methods that every user may call, by full name; the others are for replicas
 */
public record Companion(
    BindableService service, List<ServerInterceptor> interceptors, Set<String> forUsers) {
  public Companion {
    interceptors = List.copyOf(interceptors);
    forUsers = Set.copyOf(forUsers);
  }
}
