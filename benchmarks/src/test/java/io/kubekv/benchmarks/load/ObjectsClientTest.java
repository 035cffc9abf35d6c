package io.kubekv.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ObjectsClientTest {
  private KeyValueServer server;
  private ObjectsClient.Api api;

  @BeforeEach
  void start() throws IOException {
    server = new KeyValueServer();
    api = new ObjectsClient.Api(server.address(), null, server.token(), "default");
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  @Test
  void putOfTheSameValue_isAWriteEachTime() throws IOException {
    try (Client first = api.open();
        Client second = api.open()) {
      Operation.Put put = new Operation.Put("root/d0/k1", "value");
      first.perform(put);
      long before = first.revision();
      long modified = first.modified("root/d0/k1");

      first.perform(put);
      second.perform(put);
      first.perform(put);

      assertThat(first.modified("root/d0/k1")).isGreaterThan(modified);
      assertThat(second.revision()).isEqualTo(before + 3);
    }
  }
}
