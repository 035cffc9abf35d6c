package io.kubekv.e2e.faults.nemesis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TcpProxyTest {
  private ServerSocket echo;
  private TcpProxy proxy;

  @BeforeEach
  void start() throws IOException {
    echo = new ServerSocket(0, 10, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
    Thread.ofVirtual().start(this::serve);
    proxy = new TcpProxy((InetSocketAddress) echo.getLocalSocketAddress());
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    echo.close();
  }

  private void serve() {
    while (!echo.isClosed()) {
      try {
        Socket client = echo.accept();
        Thread.ofVirtual().start(() -> echo(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private static void echo(Socket client) {
    try (client) {
      client.getInputStream().transferTo(client.getOutputStream());
    } catch (IOException ended) {
      // by the client, or the test
    }
  }

  private Socket connect() throws IOException {
    return new Socket(proxy.address().getAddress(), proxy.address().getPort());
  }

  private static int exchange(Socket socket) {
    try {
      socket.getOutputStream().write(7);
      return socket.getInputStream().read();
    } catch (IOException cut) {
      return -1;
    }
  }

  @Test
  void bytes_pass() throws IOException {
    try (Socket socket = connect()) {
      assertThat(exchange(socket)).isEqualTo(7);
    }
  }

  @Test
  void cut_endsConnectionsAndNewOnes_untilItHeals() throws IOException {
    try (Socket socket = connect()) {
      exchange(socket);
      proxy.cut();
      assertThat(exchange(socket)).isEqualTo(-1);
    }
    try (Socket socket = connect()) {
      assertThat(exchange(socket)).isEqualTo(-1);
    }
    proxy.heal();
    try (Socket socket = connect()) {
      assertThat(exchange(socket)).isEqualTo(7);
    }
  }

  @Test
  void slow_delaysBothWays() throws IOException {
    proxy.slow(50);
    try (Socket socket = connect()) {
      long before = System.nanoTime();
      assertThat(exchange(socket)).isEqualTo(7);
      assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(100_000_000L);
    }
  }
}
