package io.kubekv.client;

import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a server. Without a word about it, a connection to this machine ({@code localhost},
 * {@code 127.0.0.0/8}, {@code ::1}) is plain text, and one to any other is TLS that trusts what the
 * JDK trusts. Not thread-safe.
 */
public final class ClientBuilder {
  private static final Duration KEEP_ALIVE_TIMEOUT = Duration.ofSeconds(5);
  private static final int HIGHEST_PORT = 65535;

  private final URI target;
  private Duration deadline = Duration.ofSeconds(10);
  private Duration keepAlive = Duration.ofSeconds(10);
  private boolean plaintext;
  private boolean tls;
  private @Nullable Path trust;
  private @Nullable Path certificate;
  private @Nullable Path privateKey;
  private @Nullable String serverName;
  private @Nullable Supplier<String> token;

  ClientBuilder(String target) {
    this.target = parse(target);
  }

  private static URI parse(String target) {
    try {
      URI parsed = URI.create("kubekv://" + target);
      int port = parsed.getPort();
      boolean bare = parsed.getPath().isEmpty() && parsed.getUserInfo() == null;
      if (parsed.getHost() != null && port > 0 && port <= HIGHEST_PORT && bare) {
        return parsed;
      }
    } catch (IllegalArgumentException notOne) {
      throw new IllegalArgumentException(notATarget(target), notOne);
    }
    throw new IllegalArgumentException(notATarget(target));
  }

  private static String notATarget(String target) {
    return "'" + target + "' is not a host and a port, as kubekv.example:2390";
  }

  /** How long a call may take, unless it says otherwise: 10 seconds when nothing is said. */
  public ClientBuilder deadline(Duration newDeadline) {
    deadline = newDeadline;
    return this;
  }

  /**
   * How long a connection with watches, locks or calls may be silent before the server is asked
   * whether it is there: 10 seconds, which is the least. When it does not answer for 5 seconds, the
   * connection counts as broken.
   */
  public ClientBuilder keepAlive(Duration newKeepAlive) {
    keepAlive = newKeepAlive;
    return this;
  }

  /** No TLS: whoever can listen to the network reads all, and can change it. */
  public ClientBuilder plaintext() {
    plaintext = true;
    return this;
  }

  /** TLS that trusts what the JDK trusts, also to this machine. */
  public ClientBuilder tls() {
    tls = true;
    return this;
  }

  /** TLS that trusts the certificates in this PEM file alone. */
  public ClientBuilder trust(Path certificates) {
    trust = certificates;
    return tls();
  }

  /**
   * TLS that shows the server who this is.
   *
   * @param chain a PEM file: the client's certificate, then those that vouch for it
   * @param key a PEM file: its private key, PKCS#8 without password
   */
  public ClientBuilder clientCertificate(Path chain, Path key) {
    certificate = chain;
    privateKey = key;
    return tls();
  }

  /** The name in the server's certificate, when it is not the target's. */
  public ClientBuilder serverName(String name) {
    serverName = name;
    return this;
  }

  /**
   * The bearer token that says who this is, for a server that asks. Asked for at every call, so
   * that it may change; must not block. Without TLS, whoever can listen to the network can use it.
   */
  public ClientBuilder token(Supplier<String> source) {
    token = source;
    return this;
  }

  /**
   * The client. Does not wait for a connection: calls do.
   *
   * @throws UncheckedIOException when a file cannot be read
   * @throws IllegalArgumentException when a file is not PEM, or plain text and TLS are both wanted
   */
  public KubekvClient connect() {
    ChannelCredentials credentials = credentials(); // before there is a thread to end
    ConnectionThread thread = new ConnectionThread();
    NettyChannelBuilder channel =
        NettyChannelBuilder.forAddress(target.getHost(), target.getPort(), credentials)
            .channelType(NioSocketChannel.class)
            .eventLoopGroup(thread.loop())
            .keepAliveTime(keepAlive.toNanos(), TimeUnit.NANOSECONDS)
            .keepAliveTimeout(KEEP_ALIVE_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS);
    Optional.ofNullable(serverName).ifPresent(channel::overrideAuthority);
    Optional.ofNullable(token).map(BearerToken::new).ifPresent(channel::intercept);
    return new KubekvClient(RemoteStore.over(channel.build(), deadline), thread, deadline);
  }

  private ChannelCredentials credentials() {
    if (plaintext && tls) {
      throw new IllegalArgumentException("plain text and TLS are both wanted: choose one");
    }
    return plaintext || (!tls && isThisMachine())
        ? InsecureChannelCredentials.create()
        : tlsCredentials();
  }

  private ChannelCredentials tlsCredentials() {
    TlsChannelCredentials.Builder builder = TlsChannelCredentials.newBuilder();
    try {
      if (trust != null) {
        builder.trustManager(trust.toFile());
      }
      if (certificate != null && privateKey != null) {
        builder.keyManager(certificate.toFile(), privateKey.toFile());
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("a TLS file cannot be read: " + failure.getMessage(), failure);
    }
    return builder.build();
  }

  /** By its text alone: a name that is looked up may lead anywhere. */
  private boolean isThisMachine() {
    String host = target.getHost();
    return host.equals("localhost")
        || host.equals("[::1]")
        || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
  }
}
