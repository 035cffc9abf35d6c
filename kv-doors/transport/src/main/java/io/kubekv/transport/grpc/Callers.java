package io.kubekv.transport.grpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.kubekv.transport.access.Gate;
import io.kubekv.transport.access.User;
import io.kubekv.transport.limits.Budget;
import io.kubekv.transport.limits.Budgets;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Whose budget a call is on: that of its user, if it is known, otherwise that of its address.
 * Health is nobody's, and neither is what replicas tell each other or pass on, which was on a
 * budget where it came in.
 *
 * @param limited the methods of the door
 * @param passedOn what a call says that a replica has passed on
 * @param token the token that a call shows, if any
 * @param proof whether a call's metadata show that it comes from one; asked where users have no
 *     names, because there everybody can say so
 */
record Callers(
    Budgets budgets,
    Set<String> limited,
    Optional<Gate> gate,
    Optional<Metadata.Key<String>> passedOn,
    Function<Metadata, Optional<String>> token,
    Predicate<Metadata> proof) {
  private static final String REFLECTION = "grpc.reflection.";

  /** Empty when the call is on no budget. May block. */
  Optional<Budget> budget(ServerCall<?, ?> call, Metadata headers) {
    if (!isLimited(call)) {
      return Optional.empty();
    }
    Optional<User> user = user(call, headers);
    return isPassedOn(headers) && mayPassOn(user, headers)
        ? Optional.empty()
        : Optional.of(of(user, call));
  }

  /**
   * The same without waiting: what cannot be found out at once counts as on a budget.
   *
   * @return whether nothing is in the call's way
   */
  boolean isFree(ServerCall<?, ?> call, Metadata headers) {
    if (!isLimited(call)) {
      return true;
    }
    Optional<User> user = user(call, headers);
    return isPassedOn(headers) && isKnownToPassOn(user, headers) || of(user, call).isFree();
  }

  private boolean isLimited(ServerCall<?, ?> call) {
    String method = call.getMethodDescriptor().getFullMethodName();
    return limited.contains(method) || method.startsWith(REFLECTION);
  }

  private boolean isPassedOn(Metadata headers) {
    return passedOn.isPresent() && headers.containsKey(passedOn.get());
  }

  private boolean mayPassOn(Optional<User> user, Metadata headers) {
    return gate.isEmpty()
        ? proof.test(headers)
        : user.isPresent() && gate.get().access(user.get()).isReplica();
  }

  private boolean isKnownToPassOn(Optional<User> user, Metadata headers) {
    return gate.isEmpty()
        ? proof.test(headers)
        : user.isPresent() && gate.get().access(user.get()).isKnownReplica();
  }

  private Optional<User> user(ServerCall<?, ?> call, Metadata headers) {
    return gate.flatMap(asked -> asked.known(UserServices.credentials(call, headers, token)));
  }

  private Budget of(Optional<User> user, ServerCall<?, ?> call) {
    return user.map(known -> budgets.of("user " + known.name()))
        .orElseGet(() -> Connections.of(call).budget());
  }
}
