package io.kubekv.etcdv2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubekv.transport.http.RawHttp;
import io.kubekv.transport.http.RawHttp.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Times to live, in real time. */
final class EtcdV2ExpiryWireTest extends EtcdV2Wire {
  @Test
  void put_withTtl_showsExpirationAndTtl() throws IOException {
    assertThat(shape(put("/k", "ttl=60&value=1")))
        .isEqualTo(
            "{\"action\":\"set\",\"node\":{\"key\":\"/T/k\",\"value\":\"1\",\"expiration\":time,\"ttl\":60,\"modifiedIndex\":#1,\"createdIndex\":#1}}\n");
    assertThat(ofAMinute(shape(get("/k")))).contains("\"expiration\":time,\"ttl\":60,");
    assertThat(ofAMinute(shape(put("/k", "value=2"))))
        .as("a set without ttl makes it permanent")
        .isEqualTo(
            "{\"action\":\"set\",\"node\":{\"key\":\"/T/k\",\"value\":\"2\",\"modifiedIndex\":#1,\"createdIndex\":#1},\"prevNode\":{\"key\":\"/T/k\",\"value\":\"1\",\"expiration\":time,\"ttl\":60,\"modifiedIndex\":#2,\"createdIndex\":#2}}\n");
  }

  /** A busy machine may see some seconds less. */
  private static String ofAMinute(String shape) {
    return shape.replaceAll("\"ttl\":5\\d,", "\"ttl\":60,");
  }

  @Test
  void put_emptyTtl_isPermanent() throws IOException {
    assertThat(put("/k", "ttl=&value=1").body()).doesNotContain("expiration");
  }

  @Test
  void put_ttlZero_isGoneWithinASecond() throws IOException {
    assertThat(shape(put("/k", "ttl=0&value=1")))
        .isEqualTo(
            "{\"action\":\"set\",\"node\":{\"key\":\"/T/k\",\"value\":\"1\",\"expiration\":time,\"modifiedIndex\":#1,\"createdIndex\":#1}}\n");
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(get("/k").status()).isEqualTo(404));
  }

  @Test
  void expiry_isAnEventWithoutTtl() throws IOException {
    long set = modifiedIndex(put("/k", "ttl=1&value=1"));
    try (RawHttp watcher = open()) {
      String next = "/k?wait=true&waitIndex=" + (set + 1);
      Answer event = watcher.request("GET", keys(next), "").answer();

      assertThat(shape(event))
          .isEqualTo(
              "{\"action\":\"expire\",\"node\":{\"key\":\"/T/k\",\"modifiedIndex\":#1,\"createdIndex\":#2},\"prevNode\":{\"key\":\"/T/k\",\"value\":\"1\",\"expiration\":time,\"modifiedIndex\":#2,\"createdIndex\":#2}}\n");
    }
  }

  @Test
  void expiry_ofADirectory_isOneEvent() throws IOException {
    put("/d?dir=true", "ttl=5"); // so long that the keys are there in time
    put("/d/a", "value=1");
    long last = modifiedIndex(put("/d/e/b", "value=1"));
    try (RawHttp watcher = open()) {
      String next = "?wait=true&recursive=true&stream=true&waitIndex=" + (last + 1);
      watcher.request("GET", keys(next), "").head();

      assertThat(shape(new Answer(200, new TreeMap<>(), watcher.chunk())))
          .isEqualTo(
              "{\"action\":\"expire\",\"node\":{\"key\":\"/T/d\",\"dir\":true,\"modifiedIndex\":#1,\"createdIndex\":#2},\"prevNode\":{\"key\":\"/T/d\",\"dir\":true,\"expiration\":time,\"modifiedIndex\":#2,\"createdIndex\":#2}}\n");
      put("/then", "value=1");
      assertThat(watcher.chunk()).contains("/then");
    }
    assertThat(get("/d").status()).isEqualTo(404);
  }

  @Test
  void refresh_keepsTheValueAndTellsNoWatcher() throws IOException {
    long set = modifiedIndex(put("/k", "ttl=60&value=1"));
    Answer refreshed = put("/k?refresh=true&prevExist=true", "ttl=100");
    assertThat(shape(refreshed))
        .startsWith(
            "{\"action\":\"update\",\"node\":{\"key\":\"/T/k\",\"value\":\"1\",\"expiration\":time,\"ttl\":100,");
    put("/k", "value=2");

    assertThat(shape(get("/k?wait=true&waitIndex=" + (set + 1)))).contains("\"value\":\"2\"");
  }

  @Test
  void refresh_byIndex_isACompareAndSwap() throws IOException {
    long set = modifiedIndex(put("/k", "ttl=60&value=1"));

    Answer refreshed = put("/k?refresh=true&prevIndex=" + set, "ttl=100");

    assertThat(shape(refreshed))
        .startsWith(
            "{\"action\":\"compareAndSwap\",\"node\":{\"key\":\"/T/k\",\"value\":\"1\",\"expiration\":time,\"ttl\":100,");
  }

  @Test
  void refresh_missing_isNotFound() throws IOException {
    assertThat(put("/k?refresh=true", "ttl=100").status()).isEqualTo(404);
  }
}
