package io.kubekv.server;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.netty.NettyChannelBuilder;
import io.kubekv.client.BearerToken;
import io.kubekv.client.RemoteStore;
import java.time.Duration;

/** A client by gRPC that keeps all that the server tells it. */
final class AuthorizationClient implements AutoCloseable {
  private final RemoteStore store;

  @SuppressWarnings("JdkObsolete") // threads write to it
  private final StringBuffer heard = new StringBuffer();

  AuthorizationClient(String target, String user) {
    ManagedChannel channel =
        NettyChannelBuilder.forTarget(target)
            .usePlaintext()
            .intercept(new Listening(heard), new BearerToken(() -> user))
            .build();
    store = RemoteStore.over(channel, Duration.ofSeconds(20));
  }

  private record Listening(StringBuffer heard) implements ClientInterceptor {
    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(
        MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
      return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
        @Override
        public void start(Listener<A> listener, Metadata headers) {
          super.start(
              new SimpleForwardingClientCallListener<>(listener) {
                @Override
                public void onMessage(A message) {
                  heard.append(message);
                  super.onMessage(message);
                }
              },
              headers);
        }
      };
    }
  }

  RemoteStore store() {
    return store;
  }

  /** What was heard since the last time. */
  String heard() {
    String all = heard.toString();
    heard.setLength(0);
    return all;
  }

  @Override
  public void close() {
    store.close();
  }
}
