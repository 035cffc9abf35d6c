package io.kubekv.e2e;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How Debian's ZooKeeper is run, whose own script reads a configuration of the whole machine. */
final class ZooKeeperServer {
  /** The package's jar names the others that it needs. */
  private static final Path JAR = Path.of("/usr/share/java/zookeeper.jar");

  private ZooKeeperServer() {}

  /** Writes its configuration into the folder. */
  static List<String> command(Path folder, InetSocketAddress client) throws IOException {
    if (!Files.exists(JAR)) {
      throw new IOException("there is no " + JAR + " (Debian: apt-get install zookeeper)");
    }
    Path configuration = folder.resolve("zoo.cfg");
    List<String> lines =
        List.of(
            "tickTime=3000",
            "dataDir=" + folder.resolve("data"),
            "clientPort=" + client.getPort(),
            "clientPortAddress=" + client.getAddress().getHostAddress(),
            "maxClientCnxns=0",
            "admin.enableServer=false",
            "4lw.commands.whitelist=*",
            "extendedTypesEnabled=true");
    Files.write(configuration, lines);
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx1g",
        "-cp",
        JAR.toString(),
        "org.apache.zookeeper.server.quorum.QuorumPeerMain",
        configuration.toString());
  }
}
