package io.kubekv.etcdv2;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.PutRequest;
import io.kubekv.engine.EngineStore;
import io.kubekv.transport.http.RawHttp;
import io.kubekv.transport.http.RawHttp.Answer;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Keys that other protocols wrote, without directories. */
final class FlatKeysTest {
  private final EngineStore store = EngineStore.inMemory();
  private final DoorUnderTest door = new DoorUnderTest(store);

  @BeforeEach
  void put() {
    for (String key : new String[] {"a/b/c", "a/b-1", "a/", "a/_h/x", "v", "v/below", "//x"}) {
      Await.change(store.put(PutRequest.of(Key.of(key), Bytes.utf8("1"))));
    }
  }

  @AfterEach
  void close() {
    door.close();
    store.close();
  }

  private Answer call(String method, String target) throws IOException {
    try (RawHttp http = door.connect()) {
      return http.request(method, target, "").answer();
    }
  }

  @Test
  void impliedDirectories_areListedWithoutIndexes() throws IOException {
    assertThat(call("GET", "/v2/keys?sorted=true").body())
        .isEqualTo(
            "{\"action\":\"get\",\"node\":{\"dir\":true,\"nodes\":[{\"key\":\"/a\",\"dir\":true},"
                + "{\"key\":\"/v\",\"value\":\"1\",\"modifiedIndex\":6,\"createdIndex\":6}]}}\n");
    assertThat(call("GET", "/v2/keys/a?recursive=true&sorted=true").body())
        .isEqualTo(
            "{\"action\":\"get\",\"node\":{\"key\":\"/a\",\"dir\":true,\"nodes\":[{\"key\":\"/a/b\",\"dir\":true,\"nodes\":[{\"key\":\"/a/b/c\",\"value\":\"1\",\"modifiedIndex\":2,\"createdIndex\":2}]},{\"key\":\"/a/b-1\",\"value\":\"1\",\"modifiedIndex\":3,\"createdIndex\":3}]}}\n");
    assertThat(call("GET", "/v2/keys/a").body())
        .isEqualTo(
            "{\"action\":\"get\",\"node\":{\"key\":\"/a\",\"dir\":true,\"nodes\":[{\"key\":\"/a/b\",\"dir\":true},{\"key\":\"/a/b-1\",\"value\":\"1\",\"modifiedIndex\":3,\"createdIndex\":3}]}}\n");
  }

  @Test
  void missingBelowAnImpliedDirectory_isTheFirstMissingElement() throws IOException {
    assertThat(call("GET", "/v2/keys/a/b/x/y").body()).contains("\"cause\":\"/a/b/x\"");
  }

  @Test
  void impliedDirectory_isDeletedAsADirectory() throws IOException {
    assertThat(call("DELETE", "/v2/keys/a").body()).contains("\"errorCode\":102");
    assertThat(call("DELETE", "/v2/keys/a?dir=true").body()).contains("\"errorCode\":108");
    assertThat(call("DELETE", "/v2/keys/a?recursive=true").body())
        .startsWith(
            "{\"action\":\"delete\",\"node\":{\"key\":\"/a\",\"dir\":true,\"modifiedIndex\":");
    assertThat(call("GET", "/v2/keys/a").status()).isEqualTo(404);
  }

  @Test
  void valueWithKeysBelow_isAFile_andTheKeysAreReachedByName() throws IOException {
    assertThat(call("GET", "/v2/keys/v?recursive=true").body())
        .isEqualTo(
            "{\"action\":\"get\",\"node\":{\"key\":\"/v\",\"value\":\"1\",\"modifiedIndex\":6,\"createdIndex\":6}}\n");
    assertThat(call("GET", "/v2/keys/v/below").status()).isEqualTo(200);
  }
}
