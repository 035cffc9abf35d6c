package io.kubekv.transport.grpc;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.kubekv.StoreException;
import io.kubekv.transport.access.Credentials;
import io.kubekv.transport.access.Gate;
import io.kubekv.transport.access.User;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who calls, and gives the call to services that see no more of the store than that
 * client may. Health is everybody's; what a service of another kind offers is for replicas alone,
 * but for what it names.
 */
final class UserServices implements ServerInterceptor {
  private static final int MOST_USERS = 10_000;
  private static final String HEALTH = "grpc.health.v1.Health/";
  private static final String REFLECTION = "grpc.reflection.";

  private final Gate gate;
  private final GrpcServices services;
  private final Set<String> forUsers;
  private final Refusals refusals;
  private final Cache<User, Map<String, ServerMethodDefinition<?, ?>>> byUser =
      Caffeine.newBuilder().maximumSize(MOST_USERS).build();

  /**
   * @param services the door's
   * @param forUsers the methods of other services that every user may call, by full name
   */
  UserServices(Gate gate, GrpcServices services, Set<String> forUsers, Refusals refusals) {
    this.gate = gate;
    this.services = services;
    this.forUsers = Set.copyOf(forUsers);
    this.refusals = refusals;
  }

  /** Whether it is known who calls, so that an event loop may go on. Never blocks. */
  boolean isKnown(ServerCall<?, ?> call, Metadata headers) {
    return gate.known(credentials(call, headers, services.token())).isPresent();
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    String method = call.getMethodDescriptor().getFullMethodName();
    if (method.startsWith(HEALTH) || services.forEverybody().contains(method)) {
      return next.startCall(call, headers);
    }
    try {
      User user = user(credentials(call, headers, services.token()));
      ServerCallHandler<Q, A> own = own(user, method);
      if (own != null) {
        return own.startCall(call, headers);
      }
      if (!method.startsWith(REFLECTION) && !forUsers.contains(method)) {
        gate.access(user).requireReplica();
      }
    } catch (StoreException refused) {
      return refusals.refuse(call, refused);
    }
    return next.startCall(call, headers);
  }

  /** An event loop is here only when {@link #isKnown} was true a moment ago, and must not wait. */
  private User user(Credentials shown) {
    Optional<User> lately =
        Thread.currentThread().isVirtual() ? Optional.empty() : gate.knownLately(shown);
    return lately.orElseGet(() -> gate.user(shown));
  }

  /** A method of that name has these types: it is defined by the same descriptor. */
  @SuppressWarnings("unchecked")
  private <Q, A> @Nullable ServerCallHandler<Q, A> own(User user, String method) {
    ServerMethodDefinition<?, ?> definition = byUser.get(user, this::methods).get(method);
    return definition == null ? null : (ServerCallHandler<Q, A>) definition.getServerCallHandler();
  }

  private Map<String, ServerMethodDefinition<?, ?>> methods(User user) {
    Map<String, ServerMethodDefinition<?, ?>> methods = new HashMap<>();
    for (ServerServiceDefinition service : services.services().apply(gate.access(user))) {
      service
          .getMethods()
          .forEach(each -> methods.put(each.getMethodDescriptor().getFullMethodName(), each));
    }
    return Map.copyOf(methods);
  }

  /** What a call shows. */
  static Credentials credentials(
      ServerCall<?, ?> call, Metadata headers, Function<Metadata, Optional<String>> token) {
    return new Credentials(
        certificate(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION)),
        token.apply(headers));
  }

  private static Optional<X509Certificate> certificate(@Nullable SSLSession session) {
    try {
      return session != null && session.getPeerCertificates()[0] instanceof X509Certificate own
          ? Optional.of(own)
          : Optional.empty();
    } catch (SSLPeerUnverifiedException none) {
      return Optional.empty();
    }
  }
}
