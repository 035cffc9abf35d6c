package io.kubekv.transport.grpc;

import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.ServerInterceptor;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What is served beside a door's own services on the same port.
 *
 * @param services more services
 * @param interceptors see every call of every service before its client is known, the first first
 * @param forUsers their methods that every user may call, by full name; the others are for replicas
 * @param passedOn what a call says that a replica has passed on, which had its client's limits
 *     there
 * @param proof whether a call comes from a replica, where users have no names; must not block
 */
public record Companion(
    List<BindableService> services,
    List<ServerInterceptor> interceptors,
    Set<String> forUsers,
    Optional<Metadata.Key<String>> passedOn,
    Predicate<Metadata> proof) {
  public Companion {
    services = List.copyOf(services);
    interceptors = List.copyOf(interceptors);
    forUsers = Set.copyOf(forUsers);
  }

  /** Nothing but interceptors. */
  public static Companion none(ServerInterceptor... interceptors) {
    return new Companion(
        List.of(), List.of(interceptors), Set.of(), Optional.empty(), headers -> false);
  }

  /** All methods, by full name. */
  Set<String> methods() {
    return services.stream()
        .flatMap(service -> service.bindService().getMethods().stream())
        .map(method -> method.getMethodDescriptor().getFullMethodName())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Those that are for replicas alone. */
  Set<String> forReplicas() {
    return methods().stream()
        .filter(name -> !forUsers.contains(name))
        .collect(Collectors.toUnmodifiableSet());
  }
}
