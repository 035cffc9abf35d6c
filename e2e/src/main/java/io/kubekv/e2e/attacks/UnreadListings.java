package io.kubekv.e2e.attacks;

import io.kubekv.e2e.Finding;
import io.kubekv.e2e.HttpConnection;
import io.kubekv.e2e.Waiting;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Listings of 20 MB, ten asked for on each of many connections, of which nobody reads a byte. */
final class UnreadListings implements Assault {
  private static final int EACH = 10;

  @Override
  public String name() {
    return "unread-listings";
  }

  @Override
  public String about() {
    return "listings of 20 MB on many connections that are not read";
  }

  @Override
  public Kind kind() {
    return Kind.OPEN;
  }

  @Override
  public void attack(Target target, Consumer<Finding> findings) throws IOException {
    List<Socket> sockets = new CopyOnWriteArrayList<>();
    Workers.all(
        16,
        target.count(100, 800),
        number -> {
          InetSocketAddress door = number % 2 == 0 ? target.etcd() : target.consul();
          String path =
              number % 2 == 0
                  ? "/v2/keys/" + Seed.TREE + "?recursive=true"
                  : "/v1/kv/" + Seed.TREE + "?recurse";
          Socket socket = Wire.socket(door, Target.source(number % 20));
          sockets.add(socket);
          for (int i = 0; i < EACH; i++) {
            socket.getOutputStream().write(HttpConnection.request("GET", path, door, Map.of(), ""));
          }
        });
    Waiting.pause(Duration.ofSeconds(target.count(4, 20)));
    findings.accept(Finding.told("connections", "%d", sockets.size()));
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
