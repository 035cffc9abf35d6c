package io.kubekv.benchmarks;

import io.kubekv.e2e.HttpConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** As many changes as a store keeps, so that its memory holds all the history that it ever will. */
final class PastChanges {
  /** Many addresses, so that no client's limit is met. */
  private static final int CLIENTS = 50;

  private static final int CHANGES_OF_CLIENT = 120;
  private static final int VALUE_BYTES = 16 << 10;
  private static final Map<String, String> FORM =
      Map.of("Content-Type", "application/x-www-form-urlencoded");

  private PastChanges() {}

  static void fill(InetSocketAddress store) throws IOException {
    byte[] put =
        HttpConnection.request(
            "PUT", "/v2/keys/past", store, FORM, "value=" + "x".repeat(VALUE_BYTES));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> clients = new ArrayList<>();
      for (int client = 1; client <= CLIENTS; client++) {
        InetSocketAddress from =
            new InetSocketAddress(InetAddress.getByName("127.0.1." + client), 0);
        clients.add(threads.submit(() -> change(store, from, put)));
      }
      for (Future<?> client : clients) {
        client.get();
      }
    } catch (ExecutionException failed) {
      throw new IOException("the store could not be filled", failed.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static Void change(InetSocketAddress store, InetSocketAddress from, byte[] put)
      throws IOException {
    try (HttpConnection connection = HttpConnection.open(store, from)) {
      for (int i = 0; i < CHANGES_OF_CLIENT; i++) {
        int status = connection.exchange(put).status();
        if (status != 200 && status != 201) {
          throw new IOException("a put was answered with " + status);
        }
      }
      return null;
    }
  }
}
