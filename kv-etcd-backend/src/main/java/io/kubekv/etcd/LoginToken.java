package io.kubekv.etcd;

import io.etcd.jetcd.api.AuthGrpc;
import io.etcd.jetcd.api.AuthenticateRequest;
import io.etcd.jetcd.api.AuthenticateResponse;
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
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The token that etcd gives for a user and a password, got again when etcd has forgotten it. */
public final class LoginToken implements ClientInterceptor {
  private static final Metadata.Key<String> HEADER =
      Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);
  private static final long SECONDS = 3;

  private final ManagedChannel channel;
  private final Optional<EtcdAccess.Login> login;
  private Optional<String> current = Optional.empty();

  public LoginToken(ManagedChannel channel, Optional<EtcdAccess.Login> login) {
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

  public boolean renewable() {
    return login.isPresent();
  }

  /** Forgets the token when this failure may be because etcd has, or knows newer rights. */
  public synchronized EtcdFailure noted(EtcdFailure failure) {
    if (failure.kind() == EtcdFailure.Kind.LOGIN_ENDED
        || failure.kind() == EtcdFailure.Kind.REFUSED) {
      current = Optional.empty();
    }
    return failure;
  }

  /** Completes when calls can be made; never blocks. Fails with {@link EtcdFailure}. */
  public CompletableFuture<Void> ready() {
    if (login.isEmpty() || token().isPresent()) {
      return CompletableFuture.completedFuture(null);
    }
    CompletableFuture<Void> ready = new CompletableFuture<>();
    AuthGrpc.newStub(channel)
        .withDeadlineAfter(SECONDS, TimeUnit.SECONDS)
        .authenticate(request(login.get()), new Answer(ready));
    return ready;
  }

  /** What comes of a login. */
  private final class Answer implements StreamObserver<AuthenticateResponse> {
    private final CompletableFuture<Void> ready;

    Answer(CompletableFuture<Void> ready) {
      this.ready = ready;
    }

    @Override
    public void onNext(AuthenticateResponse answer) {
      set(answer.getToken());
      ready.complete(null);
    }

    @Override
    public void onError(Throwable failure) {
      ready.completeExceptionally(failed(failure));
    }

    @Override
    public void onCompleted() {
      ready.completeExceptionally(failed(new IllegalStateException("etcd gave no token")));
    }
  }

  private synchronized void set(String token) {
    current = Optional.of(token);
  }

  private static AuthenticateRequest request(EtcdAccess.Login login) {
    return AuthenticateRequest.newBuilder()
        .setName(login.user())
        .setPassword(login.password())
        .build();
  }

  private static EtcdFailure failed(Throwable failure) {
    return new EtcdFailure(EtcdFailure.Kind.REFUSED, "login failed: " + failure.getMessage());
  }

  private synchronized void get() throws EtcdFailure {
    if (current.isEmpty() && login.isPresent()) {
      try {
        current =
            Optional.of(
                AuthGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(SECONDS, TimeUnit.SECONDS)
                    .authenticate(request(login.get()))
                    .getToken());
      } catch (StatusRuntimeException failed) {
        throw failed(failed);
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
