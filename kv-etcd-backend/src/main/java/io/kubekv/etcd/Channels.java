package io.kubekv.etcd;

import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;

/** How channels to etcd are made. */
public final class Channels {
  private static final int MAX_MESSAGE_BYTES = 512 << 20;

  private Channels() {}

  /** A channel that spreads requests over the members; it connects when it is used. */
  public static ManagedChannel open(EtcdAccess access) {
    return Grpc.newChannelBuilder(Endpoints.target(access.endpoints()), credentials(access))
        .defaultLoadBalancingPolicy("round_robin")
        .maxInboundMessageSize(MAX_MESSAGE_BYTES)
        // etcd forbids more than one ping in five seconds
        .keepAliveTime(10, TimeUnit.SECONDS)
        .keepAliveTimeout(3, TimeUnit.SECONDS)
        .keepAliveWithoutCalls(true)
        .disableRetry()
        .build();
  }

  /** etcd's header for "end this stream when there is no leader". */
  public static Metadata requireLeader() {
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER), "true");
    return headers;
  }

  private static ChannelCredentials credentials(EtcdAccess access) {
    if (access.tls().isEmpty()) {
      return InsecureChannelCredentials.create();
    }
    EtcdAccess.Tls tls = access.tls().get();
    TlsChannelCredentials.Builder credentials = TlsChannelCredentials.newBuilder();
    try {
      if (tls.authority().isPresent()) {
        credentials.trustManager(tls.authority().get().toFile());
      }
      if (tls.certificate().isPresent() && tls.key().isPresent()) {
        credentials.keyManager(tls.certificate().get().toFile(), tls.key().get().toFile());
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException("etcd's certificates cannot be read", unreadable);
    }
    return credentials.build();
  }
}
