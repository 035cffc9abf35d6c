package io.kubekv.replica;

import io.grpc.Channel;
import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.NettyChannelBuilder;
import io.kubekv.KeyValueStore;
import io.kubekv.client.BearerToken;
import io.kubekv.client.RemoteStore;
import io.kubekv.transport.tls.Certificates;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The way to one holder of the lease. Whatever is under way when it is closed ends at once: a
 * holder that does not answer any more must not hold up what the next one can do.
 */
final class HolderLink implements AutoCloseable {
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(10);
  private static final Duration KEEP_ALIVE_TIMEOUT = Duration.ofSeconds(3);

  private final LocalReplica.Lease lease;
  private final ManagedChannel channel;
  private final RemoteStore store;
  private final KeyValueStore knowing;

  private HolderLink(
      LocalReplica.Lease lease, ManagedChannel channel, RemoteStore store, LocalReplica local) {
    this.lease = lease;
    this.channel = channel;
    this.store = store;
    this.knowing = new KnowingHolder(store, local);
  }

  /**
   * Does not wait for a connection.
   *
   * @param local says up to which revision the store has been shown here, and what is switched on
   * @param loop where its connection is read and written: the doors', so that what they forward
   *     changes threads neither on its way nor back
   */
  static HolderLink to(
      LocalReplica.Lease lease, LocalReplica local, ReplicaSettings settings, ConnectionLoop loop) {
    NettyChannelBuilder builder =
        NettyChannelBuilder.forTarget(lease.address(), credentials(settings.tls()))
            .eventLoopGroup(loop.group())
            .channelFactory(loop.connections())
            .keepAliveTime(KEEP_ALIVE.toNanos(), TimeUnit.NANOSECONDS)
            .keepAliveTimeout(KEEP_ALIVE_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS)
            .intercept(Forwarded.marking(local::shown, lease.secret()));
    settings.token().ifPresent(file -> builder.intercept(new BearerToken(new OwnToken(file))));
    settings.tls().flatMap(Certificates::replicaName).ifPresent(builder::overrideAuthority);
    ManagedChannel channel = builder.build();
    return new HolderLink(lease, channel, RemoteStore.over(channel, settings.callTimeout()), local);
  }

  private static ChannelCredentials credentials(Optional<Certificates> tls) {
    if (tls.isEmpty()) {
      return InsecureChannelCredentials.create();
    }
    TlsChannelCredentials.Builder credentials =
        TlsChannelCredentials.newBuilder().keyManager(tls.get().own());
    tls.get().ofReplicas().ifPresent(credentials::trustManager);
    return credentials.build();
  }

  /** The same store, for what every holder of this store understands. */
  KeyValueStore knowing() {
    return knowing;
  }

  /** Whether it leads to the holder of this lease. */
  boolean leadsTo(LocalReplica.Lease other) {
    return lease.holder().equals(other.holder()) && lease.address().equals(other.address());
  }

  LocalReplica.Lease lease() {
    return lease;
  }

  Channel channel() {
    return channel;
  }

  RemoteStore store() {
    return store;
  }

  @Override
  public void close() {
    store.close();
  }
}
