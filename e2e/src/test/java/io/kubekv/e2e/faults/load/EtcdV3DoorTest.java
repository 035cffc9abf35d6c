package io.kubekv.e2e.faults.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.e2e.FreePorts;
import io.kubekv.e2e.faults.history.Action;
import io.kubekv.e2e.faults.history.Result;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a call whose answer did not come may have done. */
class EtcdV3DoorTest {
  private static Result putTo(InetSocketAddress address) throws IOException {
    Endpoint endpoint = new Endpoint("one", address, address, address, address);
    try (EtcdV3Door door = new EtcdV3Door(endpoint, Duration.ofSeconds(5))) {
      return door.call(Action.PUT, "key", "value", 0).result();
    }
  }

  @Test
  void whereNobodyListens_nothingWasDone() throws IOException {
    assertThat(putTo(FreePorts.next())).isEqualTo(Result.FAILED);
  }

  @Test
  void whoHangsUp_mayHaveDoneIt() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual()
          .start(
              () -> {
                try (Socket taken = server.accept()) {
                  var unused = taken.getInputStream().read(); // a byte of the client's is there
                } catch (IOException over) {
                  // the test has ended
                }
              });

      assertThat(putTo(new InetSocketAddress("127.0.0.1", server.getLocalPort())))
          .isEqualTo(Result.UNKNOWN);
    }
  }
}
