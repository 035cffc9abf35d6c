package io.kubekv.e2e.attacks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kubekv.e2e.Finding;
import io.kubekv.e2e.Waiting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Bodies that are announced and never sent, by one user beside another behind the same address. */
final class Announced implements Assault {
  @Override
  public String name() {
    return "announced";
  }

  @Override
  public String about() {
    return "bodies that are announced and never come, from the address of others";
  }

  @Override
  public Kind kind() {
    return Kind.SECURED;
  }

  @Override
  public void attack(Target target, Consumer<Finding> findings) throws IOException {
    List<Socket> sockets = new CopyOnWriteArrayList<>();
    InetAddress shared = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    Workers.all(
        8,
        target.count(500, 3_000),
        number -> {
          boolean etcd = number % 5 < 3; // by one door no address may have more than 2,000
          InetSocketAddress door = etcd ? target.etcd() : target.consul();
          Socket socket = Wire.socket(target, door, shared);
          sockets.add(socket);
          socket.getOutputStream().write(head(etcd));
        });
    Waiting.pause(Duration.ofSeconds(target.count(4, 20)));
    findings.accept(Finding.told("bodies announced", "%d", sockets.size()));
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private static byte[] head(boolean etcd) {
    String path = etcd ? "/v2/keys/attack/announced" : "/v1/kv/attack/announced";
    return ("PUT "
            + path
            + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer attacker\r\n"
            + "X-Consul-Token: attacker\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            + "Content-Length: 1000000\r\n\r\n")
        .getBytes(US_ASCII);
  }
}
