package io.kubekv.etcd;

import io.etcd.jetcd.api.AuthGrpc;
import io.etcd.jetcd.api.AuthenticateRequest;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The token that etcd gives for a user and a password, got again when etcd has forgotten it. */
final class LoginToken implements ClientInterceptor {
  private static final Metadata.Key<String> HEADER =
      Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);
  private static final long SECONDS = 3;

  private final ManagedChannel channel;
  private final Optional<EtcdAccess.Login> login;
  private Optional<String> current = Optional.empty();

  LoginToken(ManagedChannel channel, Optional<EtcdAccess.Login> login) {
    this.channel = channel;
    this.login = login;
  }

  /** The channel with the token on every call; blocks while it is got. */
  Channel on(ManagedChannel bare) throws EtcdFailure {
    if (login.isEmpty()) {
      return bare;
    }
    get();
    return ClientInterceptors.intercept(bare, this);
  }

  boolean renewable() {
    return login.isPresent();
  }

  /** Forgets the token when this failure may be because etcd has, or knows newer rights. */
  synchronized EtcdFailure noted(EtcdFailure failure) {
    if (failure.kind() == EtcdFailure.Kind.LOGIN_ENDED
        || failure.kind() == EtcdFailure.Kind.REFUSED) {
      current = Optional.empty();
    }
    return failure;
  }

  private synchronized void get() throws EtcdFailure {
    if (current.isEmpty() && login.isPresent()) {
      AuthenticateRequest request =
          AuthenticateRequest.newBuilder()
              .setName(login.get().user())
              .setPassword(login.get().password())
              .build();
      try {
        current =
            Optional.of(
                AuthGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(SECONDS, TimeUnit.SECONDS)
                    .authenticate(request)
                    .getToken());
      } catch (StatusRuntimeException failed) {
        throw new EtcdFailure(EtcdFailure.Kind.REFUSED, "login failed: " + failed.getMessage());
      }
    }
  }

  private synchronized Optional<String> token() {
    return current;
  }

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    return new SimpleForwardingClientCall<Q, A>(next.newCall(method, options)) {
      @Override
      public void start(Listener<A> listener, Metadata headers) {
        token().ifPresent(value -> headers.put(HEADER, value));
        super.start(listener, headers);
      }
    };
  }
}
