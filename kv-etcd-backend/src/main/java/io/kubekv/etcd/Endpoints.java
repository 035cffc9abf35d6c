package io.kubekv.etcd;

import io.grpc.Attributes;
import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.NameResolverRegistry;
import io.grpc.StatusOr;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** The members of a cluster as gRPC wants to know them: a list that stands in the target itself. */
final class Endpoints extends NameResolverProvider {
  private static final String SCHEME = "kubekv-etcd";
  private static final int PRIORITY = 5;

  static {
    NameResolverRegistry.getDefaultRegistry().register(new Endpoints());
  }

  private Endpoints() {}

  /** The target of a channel to these members. */
  static String target(List<String> members) {
    return SCHEME + ":///" + String.join(",", members);
  }

  /** {@code host:port} or {@code [v6]:port}, not looked up yet. */
  static InetSocketAddress address(String endpoint) {
    int colon = endpoint.lastIndexOf(':');
    try {
      String host = endpoint.substring(0, colon).replaceAll("^\\[|\\]$", "");
      int port = Integer.parseInt(endpoint.substring(colon + 1));
      if (host.isEmpty() || host.contains("/")) {
        throw new IllegalArgumentException("no host");
      }
      return InetSocketAddress.createUnresolved(host, port);
    } catch (IllegalArgumentException | IndexOutOfBoundsException unusable) {
      throw new IllegalArgumentException(
          "etcd's endpoint '" + endpoint + "' is not host:port", unusable);
    }
  }

  @Override
  protected boolean isAvailable() {
    return true;
  }

  @Override
  protected int priority() {
    return PRIORITY;
  }

  @Override
  public String getDefaultScheme() {
    return SCHEME;
  }

  @Override
  public Collection<Class<? extends SocketAddress>> getProducedSocketAddressTypes() {
    return Set.of(InetSocketAddress.class);
  }

  @Override
  public NameResolver newNameResolver(URI target, NameResolver.Args args) {
    List<String> members = List.of(target.getPath().substring(1).split(","));
    return new NameResolver() {
      @Override
      public String getServiceAuthority() {
        return members.getFirst();
      }

      @Override
      public void start(Listener2 listener) {
        listener.onResult(
            ResolutionResult.newBuilder()
                .setAddressesOrError(
                    StatusOr.fromValue(members.stream().map(Endpoints::lookedUp).toList()))
                .build());
      }

      @Override
      public void shutdown() {}
    };
  }

  /** Each member is asked for by its own name when TLS checks it. */
  private static EquivalentAddressGroup lookedUp(String member) {
    InetSocketAddress named = address(member);
    Attributes own =
        Attributes.newBuilder().set(EquivalentAddressGroup.ATTR_AUTHORITY_OVERRIDE, member).build();
    return new EquivalentAddressGroup(
        new InetSocketAddress(named.getHostString(), named.getPort()), own);
  }
}
