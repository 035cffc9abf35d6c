package io.kubekv.zookeeper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;

/** A ZooKeeper server of version 3.8 in this process. */
final class RealServer implements Side {
  static {
    System.setProperty("zookeeper.extendedTypesEnabled", "true");
    System.setProperty("zookeeper.4lw.commands.whitelist", "srvr,ruok,isro");
    System.setProperty("zookeeper.admin.enableServer", "false");
  }

  private final NIOServerCnxnFactory connections;
  private final ZooKeeperServer server;

  private RealServer(NIOServerCnxnFactory connections, ZooKeeperServer server) {
    this.connections = connections;
    this.server = server;
  }

  static RealServer start(Path folder) {
    try {
      ZooKeeperServer server = new ZooKeeperServer(folder.toFile(), folder.toFile(), 3000);
      NIOServerCnxnFactory connections = new NIOServerCnxnFactory();
      connections.configure(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
      connections.startup(server);
      return new RealServer(connections, server);
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  ZooKeeperServer server() {
    return server;
  }

  @Override
  public int port() {
    return connections.getLocalPort();
  }

  @Override
  public void close() {
    connections.shutdown();
    server.shutdown();
  }
}
