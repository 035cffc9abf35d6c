package io.kubekv.e2e.attacks;

import io.grpc.CallOptions;
import io.grpc.ChannelCredentials;
import io.grpc.ClientCall;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.NettyChannelBuilder;
import io.kubekv.e2e.HttpAnswer;
import io.kubekv.e2e.HttpConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import javax.net.ssl.SSLSocket;

/** An attacker's connections. */
final class Wire {
  private static final int PATIENCE = 10_000;
  private static final int LARGEST = 64 << 20;

  private Wire() {}

  /**
   * A connection from that address, which takes little before the sender feels that nobody reads.
   */
  static Socket socket(InetSocketAddress server, InetAddress source) throws IOException {
    Socket socket = new Socket();
    try {
      socket.setReceiveBufferSize(16 << 10);
      socket.setTcpNoDelay(true);
      socket.bind(new InetSocketAddress(source, 0));
      socket.connect(server, PATIENCE);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** The same with TLS where the server speaks it. */
  static Socket socket(Target target, InetSocketAddress door, InetAddress source)
      throws IOException {
    Socket plain = socket(door, source);
    if (target.authority().isEmpty()) {
      return plain;
    }
    try {
      plain.setSoTimeout(PATIENCE);
      SSLSocket secured =
          (SSLSocket)
              Authority.trusting(target.authority().get())
                  .getSocketFactory()
                  .createSocket(plain, "127.0.0.1", door.getPort(), true);
      secured.startHandshake();
      return secured;
    } catch (IOException e) {
      plain.close();
      throw e;
    }
  }

  /** One request on a connection of its own, and its answer. */
  static HttpAnswer ask(
      Target target, InetSocketAddress door, InetAddress source, byte[] request, Duration patience)
      throws IOException {
    try (HttpConnection connection = HttpConnection.over(socket(target, door, source))) {
      connection.readTimeout(patience);
      return connection.exchange(request);
    }
  }

  /** A channel from that address. */
  static ManagedChannel channel(Target target, InetAddress source) throws IOException {
    ChannelCredentials credentials =
        target.authority().isPresent()
            ? TlsChannelCredentials.newBuilder()
                .trustManager(target.authority().get().toFile())
                .build()
            : InsecureChannelCredentials.create();
    return NettyChannelBuilder.forAddress("127.0.0.1", target.grpc().getPort(), credentials)
        .localSocketPicker(
            new NettyChannelBuilder.LocalSocketPicker() {
              @Override
              public InetSocketAddress createSocketAddress(
                  java.net.SocketAddress server, io.grpc.Attributes attributes) {
                return new InetSocketAddress(source, 0);
              }
            })
        .maxInboundMessageSize(LARGEST)
        .build();
  }

  /** Metadata with one entry. */
  static Metadata metadata(String name, String value) {
    Metadata metadata = new Metadata();
    metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
    return metadata;
  }

  /** A call whose answers are never taken. */
  static <Q, A> ClientCall<Q, A> unread(
      ManagedChannel channel, MethodDescriptor<Q, A> method, Q request) {
    ClientCall<Q, A> call = channel.newCall(method, CallOptions.DEFAULT);
    call.start(new ClientCall.Listener<A>() {}, new Metadata());
    call.sendMessage(request);
    call.halfClose();
    return call;
  }

  /** Bytes that are nothing. */
  static byte[] garbage(int bytes) {
    byte[] garbage = new byte[bytes];
    ThreadLocalRandom.current().nextBytes(garbage);
    return garbage;
  }
}
