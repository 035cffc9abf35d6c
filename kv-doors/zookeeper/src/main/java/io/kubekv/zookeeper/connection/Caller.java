package io.kubekv.zookeeper.connection;

import io.kubekv.KeyValueStore;
import io.kubekv.Range;
import io.kubekv.UnauthenticatedException;
import io.kubekv.transport.access.Access;
import io.kubekv.transport.access.Credentials;
import io.kubekv.transport.access.Gate;
import io.kubekv.transport.access.User;
import io.kubekv.transport.access.Verb;
import io.kubekv.transport.door.View;
import io.kubekv.transport.tcp.TcpConnection;
import io.kubekv.zookeeper.access.Acls;
import io.kubekv.zookeeper.node.Special;
import io.kubekv.zookeeper.wire.Code;
import io.kubekv.zookeeper.wire.Path;
import io.kubekv.zookeeper.wire.ZkException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.zookeeper.data.Id;
import org.jspecify.annotations.Nullable;

/**
 * Who is on a connection: as whom lists know it, and which user it is, where users are asked for.
 * Used on the event loop alone.
 */
public final class Caller {
  /** What a connection is known as; one more is refused. */
  public static final int MOST_IDS = 16;

  static final int MOST_ID_LENGTH = 1024;

  private final TcpConnection connection;
  private final View whole;
  private final Optional<Gate> gate;
  private final Executor threads;
  private final List<Id> ids = new ArrayList<>();
  private @Nullable KeyValueStore store;
  private @Nullable Access access;

  /** The token that it has shown last. */
  private Optional<Credentials> shown = Optional.empty();

  Caller(TcpConnection connection, View whole, Optional<Gate> gate, Executor threads) {
    this.connection = connection;
    this.whole = whole;
    this.gate = gate;
    this.threads = threads;
    if (connection.remote() instanceof InetSocketAddress internet) {
      ids.add(new Id("ip", internet.getAddress().getHostAddress()));
    }
    connection
        .certificate()
        .ifPresent(own -> ids.add(new Id("x509", own.getSubjectX500Principal().getName())));
    if (gate.isEmpty()) {
      store = whole.store();
    } else {
      gate.get()
          .known(new Credentials(connection.certificate(), Optional.empty()))
          .ifPresent(user -> is(user, gate.get(), Optional.empty()));
    }
  }

  private void is(User user, Gate asked, Optional<Credentials> token) {
    Access own = asked.access(user);
    access = own;
    shown = token;
    store = whole.of(own).store();
    connection.belongsTo(user.name());
  }

  /** Whether its token, if it has shown one, is still good; fails where that is not known. */
  CompletableFuture<Boolean> stands() {
    if (gate.isEmpty() || shown.isEmpty()) {
      return CompletableFuture.completedFuture(true);
    }
    Gate asked = gate.get();
    Credentials token = shown.get();
    return asked.knownLately(token).isPresent()
        ? CompletableFuture.completedFuture(true)
        : CompletableFuture.supplyAsync(() -> user(asked, token).isPresent(), threads);
  }

  /**
   * It waits for what happens to a node, or below it.
   *
   * @param revoked told on another thread when its user may read that no more
   * @return gives the right up
   */
  Runnable holds(String path, boolean below, Runnable revoked) {
    Access own = access;
    if (own == null || !Path.isValid(path) || Special.is(path)) {
      return () -> {};
    }
    Range range = below ? new Range.WithPrefix(Path.below(path)) : new Range.Exact(Path.key(path));
    return own.hold(Verb.GET, range, revoked)::close;
  }

  List<Id> ids() {
    return List.copyOf(ids);
  }

  /**
   * What its user may do.
   *
   * @throws ZkException when nobody knows who it is
   */
  KeyValueStore store() {
    KeyValueStore own = store;
    if (own == null) {
      throw new ZkException(Code.NO_AUTH);
    }
    return own;
  }

  /** Says who it is; whether that is so. */
  CompletableFuture<Boolean> authenticate(@Nullable String scheme, byte @Nullable [] shown) {
    byte[] proof = shown == null ? new byte[0] : shown;
    return switch (scheme == null ? "" : scheme) {
      case "digest" -> added(Acls.digest(proof));
      case "ip" -> CompletableFuture.completedFuture(true);
      case "x509" ->
          CompletableFuture.completedFuture(
              ids.stream().anyMatch(id -> id.getScheme().equals("x509")));
      case "bearer" -> bearer(new String(proof, StandardCharsets.UTF_8));
      default -> CompletableFuture.completedFuture(false);
    };
  }

  private CompletableFuture<Boolean> added(Id id) {
    boolean known = ids.contains(id);
    boolean fits = ids.size() < MOST_IDS && id.getId().length() <= MOST_ID_LENGTH;
    if (!known && fits) {
      ids.add(id);
    }
    return CompletableFuture.completedFuture(known || fits);
  }

  private CompletableFuture<Boolean> bearer(String token) {
    if (gate.isEmpty()) {
      return CompletableFuture.completedFuture(false);
    }
    Gate asked = gate.get();
    Credentials proof = new Credentials(connection.certificate(), Optional.of(token));
    return CompletableFuture.supplyAsync(() -> user(asked, proof), threads)
        .thenApplyAsync(
            user -> {
              user.ifPresent(known -> is(known, asked, Optional.of(proof)));
              return user.isPresent();
            },
            connection.loop());
  }

  /** Fails where that cannot be found out now: the client comes again. */
  private static Optional<User> user(Gate asked, Credentials shown) {
    try {
      return Optional.of(asked.user(shown));
    } catch (UnauthenticatedException nobody) {
      return Optional.empty();
    }
  }
}
