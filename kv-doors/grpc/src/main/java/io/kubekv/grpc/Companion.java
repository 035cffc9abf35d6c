package io.kubekv.grpc;

import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.ServerInterceptor;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What is served beside {@code kubekv.v1} on the same port.
 *
 * @param service one more service
 * @param interceptors see every call of every service first
 * @param forUsers its methods that every user may call, by full name; the others are for replicas
 * @param passedOn what a call says that a replica has passed on, which had its client's limits
 *     there
 * @param proof whether a call comes from a replica, where users have no names; must not block
 */
public record Companion(
    BindableService service,
    List<ServerInterceptor> interceptors,
    Set<String> forUsers,
    Optional<Metadata.Key<String>> passedOn,
    Predicate<Metadata> proof) {
  public Companion {
    interceptors = List.copyOf(interceptors);
    forUsers = Set.copyOf(forUsers);
  }
}
