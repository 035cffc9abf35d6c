package io.kubekv.cli;

import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.TlsServerCredentials.ClientAuth;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.kubekv.contract.TestCertificates;
import io.kubekv.v1.KeyValueGrpc;
import io.kubekv.v1.Kv;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Servers and files that command lines go wrong at, by the name in braces that they have there. */
final class Places implements AutoCloseable {
  private final ServerUnderTest server = new ServerUnderTest();
  private final List<Server> others = new ArrayList<>();
  private final ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final ServerSocket web = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final Map<String, String> names = new TreeMap<>();

  Places(Path folder) throws Exception {
    TestCertificates own = TestCertificates.make(folder, "server", "ip:127.0.0.1");
    TestCertificates named = TestCertificates.make(folder, "named", "dns:kubekv.example");
    TestCertificates stranger = TestCertificates.make(folder, "stranger", "ip:127.0.0.1");
    names.put("folder", folder.toString());
    names.put("server", server.address());
    names.put("ca", own.certificate().toString());
    names.put("ca-named", named.certificate().toString());
    names.put("cert", stranger.certificate().toString());
    names.put("key", stranger.key().toString());
    names.put("tls", serve(tls(own)));
    names.put("tls-named", serve(tls(named)));
    names.put("mtls", serve(mutual(own)));
    names.put("no-kubekv", serve(null));
    names.put("silent", "127.0.0.1:" + silent.getLocalPort());
    names.put("web", "127.0.0.1:" + web.getLocalPort());
    names.put("closed", "127.0.0.1:" + closedPort());
    Thread.ofVirtual().start(this::answerAsWeb);
    files(folder);
  }

  private void files(Path folder) throws IOException {
    names.put("text", Files.writeString(folder.resolve("text"), "hello\n").toString());
    names.put("binary", Files.write(folder.resolve("binary"), new byte[] {-1, -2}).toString());
    names.put("empty", Files.createFile(folder.resolve("empty")).toString());
    names.put("etcd", Files.createDirectories(folder.resolve("etcd/member/snap")).toString());
    String head = "{\"format\":\"kubekv-export\",\"version\":%d,\"store\":\"1\",\"revision\":1}\n";
    names.put("half", Files.writeString(folder.resolve("half"), head.formatted(1)).toString());
    names.put("newer", Files.writeString(folder.resolve("newer"), head.formatted(9)).toString());
    names.put(
        "no-json",
        Files.writeString(folder.resolve("no-json"), head.formatted(1) + "{\"key\":\n").toString());
    names.put(
        "no-entry",
        Files.writeString(folder.resolve("no-entry"), head.formatted(1) + "{\"value\":\"x\"}\n")
            .toString());
    names.put(
        "wrong-sum",
        Files.writeString(
                folder.resolve("wrong-sum"),
                head.formatted(1) + "{\"entries\":0,\"sha256\":\"00\"}\n")
            .toString());
  }

  Map<String, String> environment() {
    return Map.of(
        "KUBEKV_SERVER", server.address(), "HOME", names.getOrDefault("folder", "/nonexistent"));
  }

  ServerUnderTest server() {
    return server;
  }

  /** The text with the names in braces replaced. */
  String filled(String text) {
    String filled = text;
    for (Map.Entry<String, String> name : names.entrySet()) {
      filled = filled.replace("{" + name.getKey() + "}", name.getValue());
    }
    return filled;
  }

  private static ServerCredentials tls(TestCertificates own) throws IOException {
    return TlsServerCredentials.create(own.certificate().toFile(), own.key().toFile());
  }

  private static ServerCredentials mutual(TestCertificates own) throws IOException {
    return TlsServerCredentials.newBuilder()
        .keyManager(own.certificate().toFile(), own.key().toFile())
        .trustManager(own.certificate().toFile())
        .clientAuth(ClientAuth.REQUIRE)
        .build();
  }

  private String serve(@Nullable ServerCredentials credentials) throws IOException {
    InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    NettyServerBuilder builder =
        credentials == null
            ? NettyServerBuilder.forAddress(free, InsecureServerCredentials.create())
            : NettyServerBuilder.forAddress(free, credentials).addService(new NoKeys());
    Server started = builder.build().start();
    others.add(started);
    return "127.0.0.1:" + started.getPort();
  }

  private static int closedPort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  /** Whatever comes, it is answered as by a web server, which waits for more. */
  private void answerAsWeb() {
    while (!web.isClosed()) {
      try {
        Socket connection = web.accept();
        Thread.ofVirtual().start(() -> answer(connection));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private static void answer(Socket connection) {
    try (connection) {
      InputStream asked = connection.getInputStream();
      int first = asked.read();
      connection
          .getOutputStream()
          .write(
              "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII));
      while (first >= 0) {
        first = asked.read();
      }
    } catch (IOException broken) {
      System.getLogger(Places.class.getName()).log(System.Logger.Level.DEBUG, "gone", broken);
    }
  }

  @Override
  public void close() {
    server.close();
    others.forEach(Server::shutdownNow);
    try {
      silent.close();
      web.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** A store without a key. */
  private static final class NoKeys extends KeyValueGrpc.KeyValueImplBase {
    @Override
    public void get(Kv.GetRequest request, StreamObserver<Kv.GetResponse> to) {
      to.onNext(Kv.GetResponse.newBuilder().setRevision(1).build());
      to.onCompleted();
    }
  }
}
