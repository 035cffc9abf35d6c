package io.kubekv.embedded;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small Kubernetes-style API server in this process: real HTTP and WebSocket on the loopback
 * address, the real wire format, custom resources, Leases and Namespaces, durable when it has a
 * data directory.
 *
 * <p>A write is answered, and shown to anyone, only after it has been fsynced. Everything that an
 * earlier process acknowledged is there after {@link #start}, whatever ended that process.
 *
 * <p>Thread-safe.
 */
public final class EmbeddedApiServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedApiServer.class);

  private final Optional<DataDirectory> directory;
  private final Vertx vertx;
  private final ObjectStore store;
  private final Routes routes;
  private final HttpServer http;
  private final String token;
  private final Path kubeconfig;
  private final AtomicBoolean closed = new AtomicBoolean();

  private EmbeddedApiServer(
      Optional<DataDirectory> directory,
      Vertx vertx,
      ObjectStore store,
      Routes routes,
      HttpServer http,
      String token,
      Path kubeconfig) {
    this.directory = directory;
    this.vertx = vertx;
    this.store = store;
    this.routes = routes;
    this.http = http;
    this.token = token;
    this.kubeconfig = kubeconfig;
  }

  /**
   * Opens the data directory and listens; blocks until requests are answered.
   *
   * @throws IOException when the directory is in use, unreadable or of a newer version, or the port
   *     is taken; the message says which
   */
  public static EmbeddedApiServer start(EmbeddedApiServerConfig config) throws IOException {
    Optional<DataDirectory> directory = Optional.empty();
    if (config.dataDirectory().isPresent()) {
      directory = Optional.of(DataDirectory.lock(config.dataDirectory().get()));
    }
    Vertx vertx = EventLoop.start();
    try {
      return start(config, directory, vertx);
    } catch (IOException | RuntimeException e) {
      await(vertx.close());
      if (directory.isPresent()) {
        directory.get().close();
      }
      throw e;
    }
  }

  private static EmbeddedApiServer start(
      EmbeddedApiServerConfig config, Optional<DataDirectory> directory, Vertx vertx)
      throws IOException {
    Context context = vertx.getOrCreateContext();
    Clocks clocks = new Clocks(config.clock());
    ObjectStore store = open(config, directory, clocks);
    try {
      String token = Kubeconfig.newToken();
      Routes routes = Routes.over(store, context, clocks, token, config.bookmarkInterval());
      routes.ready().join();
      HttpServer http = listen(vertx, config.port(), routes);
      URI uri = URI.create("http://127.0.0.1:" + http.actualPort());
      Path kubeconfig =
          directory.isPresent()
              ? directory.get().kubeconfig()
              : Files.createTempFile("kubekv", ".kubeconfig");
      Kubeconfig.write(kubeconfig, uri, token);
      return new EmbeddedApiServer(directory, vertx, store, routes, http, token, kubeconfig);
    } catch (IOException | RuntimeException e) {
      store.close();
      throw e;
    }
  }

  private static ObjectStore open(
      EmbeddedApiServerConfig config, Optional<DataDirectory> directory, Clocks clocks)
      throws IOException {
    try {
      Journal journal =
          directory.isPresent()
              ? SqliteJournal.open(directory.get().database())
              : Journal.inMemory();
      History history = new History(config.historyRetention(), config.historyBytes());
      return ObjectStore.open(journal, history, clocks);
    } catch (StorageException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static HttpServer listen(Vertx vertx, int port, Routes routes) throws IOException {
    HttpServer server =
        vertx
            .createHttpServer(EventLoop.httpOptions(port))
            .requestHandler(routes.http())
            .exceptionHandler(e -> log.debug("a connection failed", e));
    try {
      return await(server.listen());
    } catch (CompletionException e) {
      throw new IOException("cannot listen on 127.0.0.1:%d: %s".formatted(port, e.getMessage()), e);
    }
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }

  /** The port that it listens on. */
  public int port() {
    return http.actualPort();
  }

  /** The base address, without a slash at the end. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + port());
  }

  /** The bearer token that every request must carry; new at every start. */
  public String token() {
    return token;
  }

  /** A kubeconfig of mode 0600 with address and token, in the data directory if there is one. */
  public Path kubeconfig() {
    return kubeconfig;
  }

  /** The way in for clients in this process, who must show the {@link #token} too. */
  public Loopback loopback() {
    return routes.loopback();
  }

  /**
   * Whether changes come several at a time and share their syncs. Then it costs a client in this
   * process less to send on whatever thread it has, and hear of the end; while they come one by
   * one, a virtual thread may commit its own ({@link Loopback#send}), which is faster.
   */
  public boolean writesInGroups() {
    return store.writesInGroups();
  }

  /** How often changes were synced to the disk since the start, each time one or several. */
  public long syncs() {
    return store.groups();
  }

  /** Why changes are not stored, in words for an operator; empty when they are. */
  public String problem() {
    return store.problem();
  }

  /** What it can be told to do wrong, for tests. */
  public Faults faults() {
    return routes.faults();
  }

  /** The newest committed resourceVersion. */
  public long resourceVersion() {
    return store.revision();
  }

  /** Ends watches, stores what has been accepted, and unlocks the directory. Blocks until done. */
  @Override
  public void close() throws IOException {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    routes.closeWatches();
    CompletableFuture<Void> stopped = http.close().toCompletionStage().toCompletableFuture();
    stopped.exceptionally(e -> null).join();
    store.close();
    await(vertx.close());
    if (directory.isPresent()) {
      directory.get().close();
    } else {
      Files.deleteIfExists(kubeconfig);
    }
  }
}
