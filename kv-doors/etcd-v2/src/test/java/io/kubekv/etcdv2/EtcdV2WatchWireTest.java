package io.kubekv.etcdv2;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.transport.http.RawHttp;
import io.kubekv.transport.http.RawHttp.Answer;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Watches: what they see, when they begin, when they end. */
final class EtcdV2WatchWireTest extends EtcdV2Wire {
  private static final int A_WHILE = 300;

  /** A watch whose headers have come. */
  private RawHttp waiting(String below) throws IOException {
    RawHttp watcher = open();
    Answer head = watcher.request("GET", keys(below), "").head();
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.header("X-Etcd-Index")).matches("\\d+");
    assertThat(head.header("X-Raft-Term")).matches("\\d+");
    assertThat(head.header("Content-Type")).isEqualTo("application/json");
    assertThat(head.header("Transfer-Encoding")).isEqualTo("chunked");
    return watcher;
  }

  private String shape(String chunk) {
    return shape(new Answer(200, new java.util.TreeMap<>(), chunk));
  }

  @Test
  void wait_sendsHeadersAtOnceAndOneEvent() throws IOException {
    long before = modifiedIndex(put("/k", "value=1"));
    try (RawHttp watcher = open()) {
      Answer head =
          watcher.request("GET", keys("/k?wait=true&waitIndex=0&recursive=false"), "").head();
      assertThat(head.header("X-Etcd-Index")).isEqualTo(String.valueOf(before));

      put("/k", "value=2");

      assertThat(shape(watcher.body(head)))
          .isEqualTo(
              "{\"action\":\"set\",\"node\":{\"key\":\"/T/k\",\"value\":\"2\",\"modifiedIndex\":#1,\"createdIndex\":#1},\"prevNode\":{\"key\":\"/T/k\",\"value\":\"1\",\"modifiedIndex\":#2,\"createdIndex\":#2}}\n");
      assertThat(watcher.request("GET", keys("/k"), "").answer().status())
          .as("the connection serves the next request")
          .isEqualTo(200);
    }
  }

  @Test
  void wait_otherKeys_doNotWakeIt() throws IOException {
    put("/d?dir=true", "");
    try (RawHttp watcher = waiting("/d?wait=true")) {
      put("/d/below", "value=1");
      put("/dx", "value=1");

      assertThat(watcher.isSilent(A_WHILE)).isTrue();
    }
  }

  @Test
  void wait_pastIndex_answersTheFirstEventSince() throws IOException {
    long first = modifiedIndex(put("/k", "value=1"));
    put("/other", "value=1");
    put("/k", "value=2");
    put("/k", "value=3");

    assertThat(shape(get("/k?wait=true&waitIndex=" + first))).contains("\"value\":\"1\"");
    assertThat(shape(get("/k?wait=true&waitIndex=" + (first + 1))))
        .contains("\"node\":{\"key\":\"/T/k\",\"value\":\"2\"");
  }

  @Test
  void wait_futureIndex_skipsWhatIsBefore() throws IOException {
    long now = modifiedIndex(put("/k", "value=1"));
    try (RawHttp watcher = waiting("/k?wait=true&waitIndex=" + (now + 2))) {
      put("/k", "value=2");
      put("/k", "value=3");

      assertThat(shape(watcher.chunk())).contains("\"node\":{\"key\":\"/T/k\",\"value\":\"3\"");
    }
  }

  @Test
  void wait_recursive_seesDeepChangesButNotHiddenOnes() throws IOException {
    put("/d?dir=true", "");
    try (RawHttp watcher = waiting("/d?wait=true&recursive=true")) {
      put("/d/_hidden/x", "value=0");
      put("/d/a/b/c", "value=1");

      assertThat(shape(watcher.chunk()))
          .startsWith("{\"action\":\"set\",\"node\":{\"key\":\"/T/d/a/b/c\",\"value\":\"1\",");
    }
  }

  @Test
  void wait_hiddenKeyByName_seesIt() throws IOException {
    try (RawHttp watcher = waiting("/_h?wait=true&recursive=true")) {
      put("/_h/x", "value=1");

      assertThat(watcher.chunk()).contains("\"value\":\"1\"");
    }
  }

  @Test
  void wait_directoryRemoved_tellsWatchersBelow() throws IOException {
    put("/d?dir=true", "");
    put("/d/k", "value=1");
    try (RawHttp watcher = waiting("/d/k?wait=true")) {
      delete("/d?recursive=true");

      assertThat(shape(watcher.chunk()))
          .startsWith("{\"action\":\"delete\",\"node\":{\"key\":\"/T/d\",\"dir\":true,");
    }
  }

  @Test
  void wait_directoryRemoved_tellsRecursiveWatchersAbove() throws IOException {
    put("/d/e?dir=true", "");
    put("/d/e/k", "value=1");
    try (RawHttp watcher = waiting("/d?wait=true&recursive=true")) {
      delete("/d/e?recursive=true");

      assertThat(shape(watcher.chunk()))
          .startsWith("{\"action\":\"delete\",\"node\":{\"key\":\"/T/d/e\",\"dir\":true,");
    }
  }

  @Test
  void stream_directoryRemoved_isOneEvent() throws IOException {
    put("/d/a", "value=1");
    put("/d/e/b", "value=1");
    try (RawHttp watcher = waiting("?wait=true&recursive=true&stream=true")) {
      delete("/d?recursive=true");
      put("/then", "value=1");

      assertThat(shape(watcher.chunk()))
          .isEqualTo(
              "{\"action\":\"delete\",\"node\":{\"key\":\"/T/d\",\"dir\":true,\"modifiedIndex\":#1,\"createdIndex\":#2},\"prevNode\":{\"key\":\"/T/d\",\"dir\":true,\"modifiedIndex\":#2,\"createdIndex\":#2}}\n");
      assertThat(shape(watcher.chunk())).contains("\"node\":{\"key\":\"/T/then\"");
    }
  }

  @Test
  void wait_fromTheIndexAfterARecursiveDelete_goesOnBehindIt() throws IOException {
    put("/d/a", "value=1");
    put("/d/b", "value=1");
    long removed = modifiedIndex(delete("/d?recursive=true"));
    put("/d/a", "value=2");

    assertThat(shape(get("/d?wait=true&recursive=true&waitIndex=" + removed)))
        .startsWith("{\"action\":\"delete\",\"node\":{\"key\":\"/T/d\",");
    assertThat(shape(get("/d?wait=true&recursive=true&waitIndex=" + (removed + 1))))
        .startsWith("{\"action\":\"set\",\"node\":{\"key\":\"/T/d/a\",\"value\":\"2\",");
  }

  @Test
  void wait_quorum_isAPlainRead() throws IOException {
    put("/k", "value=1");

    assertThat(get("/k?wait=true&quorum=true").body()).startsWith("{\"action\":\"get\"");
  }

  @Test
  void stream_deliversOneLineAnEvent() throws IOException {
    try (RawHttp watcher = waiting("?wait=true&recursive=true&stream=true")) {
      for (String value : Arrays.asList("1", "2", "3")) {
        put("/k", "value=" + value);
        String line = watcher.chunk();
        assertThat(line).contains("\"value\":\"" + value + "\"").endsWith("}\n");
      }
      delete("/k");
      assertThat(watcher.chunk()).startsWith("{\"action\":\"delete\"");
    }
  }

  @Test
  void wait_manyAtOnce_allAreTold() throws IOException {
    RawHttp[] watchers = new RawHttp[50];
    for (int i = 0; i < watchers.length; i++) {
      watchers[i] = waiting(i % 2 == 0 ? "/k?wait=true" : "?wait=true&recursive=true");
    }

    put("/k", "value=1");

    for (RawHttp watcher : watchers) {
      assertThat(watcher.chunk()).contains("\"value\":\"1\"");
      watcher.close();
    }
  }
}
