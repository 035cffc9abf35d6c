package io.kubekv.e2e.faults.nemesis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A network path to one address that can be cut and slowed. Thread-safe. */
final class TcpProxy implements AutoCloseable {
  private static final int BACKLOG = 100;
  private static final int BUFFER = 16 * 1024;

  private final InetSocketAddress target;
  private final ServerSocket server;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private volatile boolean cut;
  private volatile long delayMillis;

  TcpProxy(InetSocketAddress target) throws IOException {
    this.target = target;
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    this.server = new ServerSocket(0, BACKLOG, loopback);
    Thread.ofVirtual().name("tcp-proxy").start(this::accept);
  }

  InetSocketAddress address() {
    return (InetSocketAddress) server.getLocalSocketAddress();
  }

  /** Ends every connection, and every one that is made until it heals. */
  void cut() {
    cut = true;
    sockets.forEach(TcpProxy::end);
  }

  /** Whatever passes in either direction comes so much later. */
  void slow(long millis) {
    delayMillis = millis;
  }

  void heal() {
    cut = false;
    delayMillis = 0;
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        Thread.ofVirtual().name("tcp-proxy").start(() -> serve(client));
      } catch (IOException closed) {
        // of the server: the loop ends; of a connection: the next one
      }
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket onward = new Socket()) {
      sockets.add(client);
      sockets.add(onward);
      if (cut) {
        return;
      }
      client.setTcpNoDelay(true);
      onward.setTcpNoDelay(true);
      onward.connect(target);
      Thread back = Thread.ofVirtual().start(() -> pump(onward, client));
      pump(client, onward);
      back.join();
    } catch (IOException refused) {
      // the client finds its connection closed
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } finally {
      sockets.remove(client);
    }
  }

  /** Until either side ends; then both do. */
  private void pump(Socket from, Socket to) {
    byte[] buffer = new byte[BUFFER];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (delayMillis > 0) {
          Thread.sleep(delayMillis);
        }
        out.write(buffer, 0, read);
      }
    } catch (IOException ended) {
      // by either side, or by a cut
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } finally {
      end(from);
      end(to);
      sockets.remove(from);
      sockets.remove(to);
    }
  }

  private static void end(Socket socket) {
    try {
      socket.close();
    } catch (IOException closed) {
      // it is gone either way
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    cut();
  }
}
