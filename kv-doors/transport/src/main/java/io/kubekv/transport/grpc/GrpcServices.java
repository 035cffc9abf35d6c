package io.kubekv.transport.grpc;

import io.grpc.Metadata;
import io.grpc.ServerServiceDefinition;
import io.grpc.StatusRuntimeException;
import io.kubekv.StoreException;
import io.kubekv.transport.access.Access;
import io.kubekv.transport.access.Credentials;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a door serves over gRPC, and what of it the listener has to know. Methods are named in full,
 * as {@code kubekv.v1.KeyValue/Get}.
 *
 * @param door its name in metrics, traces and the log; stable
 * @param services makes its services on what an access allows, always of the same methods
 * @param atOnce methods that the event loop calls, where it knows who asks: they must not block
 * @param lasting methods whose calls last, and count as watches
 * @param refusals how a failure is said
 * @param forEverybody methods that need no user, as those by which one becomes one; they are called
 *     on what whoever may everything has, and must show nothing of it
 * @param token the token that a call shows, if any, in whichever way the door's clients do
 */
public record GrpcServices(
    String door,
    Function<Access, List<ServerServiceDefinition>> services,
    Set<String> atOnce,
    Set<String> lasting,
    Function<StoreException, StatusRuntimeException> refusals,
    Set<String> forEverybody,
    Function<Metadata, Optional<String>> token) {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  public GrpcServices {
    atOnce = Set.copyOf(atOnce);
    lasting = Set.copyOf(lasting);
    forEverybody = Set.copyOf(forEverybody);
  }

  /**
   * As most do: a bearer token, or the password of basic authentication, in {@code authorization}.
   */
  public static Optional<String> authorization(Metadata headers) {
    return Optional.ofNullable(headers.get(AUTHORIZATION)).flatMap(Credentials::token);
  }

  /** For whoever may everything. */
  List<ServerServiceDefinition> whole() {
    return services.apply(Access.ALL);
  }

  /** All methods. */
  Set<String> methods() {
    return whole().stream()
        .flatMap(service -> service.getMethods().stream())
        .map(method -> method.getMethodDescriptor().getFullMethodName())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The names of the services. */
  List<String> names() {
    return whole().stream().map(service -> service.getServiceDescriptor().getName()).toList();
  }
}
