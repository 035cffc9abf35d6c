package io.kubekv.e2e.container;

import io.kubekv.e2e.HttpAnswer;
import io.kubekv.e2e.HttpConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/**
 * Starts the image that its argument names under Testcontainers, puts a key by the etcd v2 door and
 * reads it, and says how long the start took. The exit code is 0 when all of that was right.
 */
final class ImageCheck {
  private static final int ETCD_PORT = 2379;
  private static final int OPS_PORT = 2381;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private ImageCheck() {}

  public static void main(String[] arguments) throws IOException {
    try (GenericContainer<?> kubekv = container(arguments[0])) {
      long began = System.nanoTime();
      kubekv.start();
      long took = System.nanoTime() - began;
      InetSocketAddress door =
          new InetSocketAddress(kubekv.getHost(), kubekv.getMappedPort(ETCD_PORT));
      ask(door, "PUT", "value=hello", "\"action\":\"set\"");
      ask(door, "GET", "", "\"value\":\"hello\"");
      System.out.println("started in " + Duration.ofNanos(took).toMillis() + " ms");
    }
  }

  private static GenericContainer<?> container(String image) {
    return new GenericContainer<>(DockerImageName.parse(image))
        .withImagePullPolicy(any -> false) // it is here, and nowhere else
        .withExposedPorts(ETCD_PORT, OPS_PORT)
        .withCommand("serve", "--etcd-listen=0.0.0.0:2379", "--ops-listen=0.0.0.0:2381")
        .waitingFor(Wait.forHttp("/readyz").forPort(OPS_PORT).withStartupTimeout(PATIENCE));
  }

  private static void ask(InetSocketAddress door, String method, String body, String expected)
      throws IOException {
    Map<String, String> headers =
        body.isEmpty() ? Map.of() : Map.of("Content-Type", "application/x-www-form-urlencoded");
    try (HttpConnection connection = HttpConnection.open(door)) {
      HttpAnswer answer =
          connection.exchange(
              HttpConnection.request(method, "/v2/keys/greeting", door, headers, body));
      if (!answer.body().contains(expected)) {
        throw new IOException(method + " was answered: " + answer.status() + " " + answer.body());
      }
    }
  }
}
