package io.kubekv.grpc;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Passes TCP connections on to a port, cuts them on demand, and takes none while it is told so. */
final class FaultProxy implements AutoCloseable {
  private final ServerSocket listener;
  private final int target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private volatile boolean reachable = true;
  private volatile boolean silent;

  FaultProxy(int target) {
    this.target = target;
    try {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** Ends every connection as a network does: both sides lose what is on its way. */
  void cut() {
    sockets.forEach(FaultProxy::reset);
  }

  /** From now on connections stay, and nothing passes. */
  void fallSilent() {
    silent = true;
  }

  void setReachable(boolean now) {
    reachable = now;
    if (!now) {
      cut();
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    cut();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        sockets.add(client);
        if (reachable) {
          Thread.ofVirtual().start(() -> join(client));
        } else {
          reset(client);
        }
      }
    } catch (IOException closed) {
      cut();
    }
  }

  private void join(Socket client) {
    try {
      Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
      sockets.add(server);
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      if (!reachable) {
        reset(server);
        reset(client);
      }
      Thread.ofVirtual().start(() -> pass(client, server));
      pass(server, client);
    } catch (IOException gone) {
      reset(client);
    }
  }

  private void pass(Socket from, Socket to) {
    byte[] buffer = new byte[16 << 10];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        out.write(buffer, 0, silent ? 0 : read);
      }
    } catch (IOException gone) {
      reset(from);
    } finally {
      reset(to);
      sockets.remove(from);
      sockets.remove(to);
    }
  }

  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException gone) {
      // it is closed already, which is what was wanted
    }
  }
}
