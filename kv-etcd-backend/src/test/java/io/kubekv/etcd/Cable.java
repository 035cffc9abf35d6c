package io.kubekv.etcd;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A TCP connection to etcd that can be cut, held and plugged in again. */
final class Cable implements AutoCloseable {
  private final int target;
  private final ServerSocket server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean plugged = true;

  Cable(int target) {
    this.target = target;
    try {
      this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException none) {
      throw new UncheckedIOException(none);
    }
    Threads.start("cable", this::accept);
  }

  String endpoint() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  /** Ends all connections, once. */
  void cut() {
    open.forEach(Cable::end);
  }

  /** Ends all connections and refuses new ones. */
  void unplug() {
    plugged = false;
    cut();
  }

  void plug() {
    plugged = true;
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket near = server.accept();
        if (!plugged) {
          end(near);
          continue;
        }
        Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
        near.setTcpNoDelay(true);
        far.setTcpNoDelay(true);
        open.add(near);
        open.add(far);
        Threads.start("cable-there", () -> carry(near, far));
        Threads.start("cable-back", () -> carry(far, near));
      } catch (IOException refused) {
        if (server.isClosed()) {
          return;
        }
      }
    }
  }

  private void carry(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[16 << 10];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        out.write(buffer, 0, read);
      }
    } catch (IOException cut) {
      // both ends are closed below
    } finally {
      end(from);
      end(to);
      open.remove(from);
      open.remove(to);
    }
  }

  private static void end(Socket socket) {
    try {
      socket.close();
    } catch (IOException already) {
      // it is closed, which is what was wanted
    }
  }

  @Override
  public void close() {
    end(server);
    unplug();
  }

  private static void end(ServerSocket socket) {
    try {
      socket.close();
    } catch (IOException already) {
      // it is closed, which is what was wanted
    }
  }
}
