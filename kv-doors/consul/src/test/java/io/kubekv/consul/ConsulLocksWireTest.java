package io.kubekv.consul;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.transport.http.RawHttp.Answer;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Locks, as Consul 1.5.3 was seen to answer. */
final class ConsulLocksWireTest extends ConsulWire {
  private static final String AT_ONCE = "{\"LockDelay\":0}";

  private static String held(int lockIndex, long flags, String value, String session) {
    return "[{\"LockIndex\":%d,\"Key\":\"l\",\"Flags\":%d,\"Value\":\"%s\"%s}]"
        .formatted(
            lockIndex, flags, value, session.isEmpty() ? "" : ",\"Session\":\"" + session + "\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "acquire=" + NOBODY + " | invalid session \"" + NOBODY + "\"",
        "acquire=abc | failed session lookup: index error: UUID must be 36 characters",
        "acquire=    | missing session",
        "release=    | missing session"
      })
  void session_wrong_isNamed(String query, String text) throws IOException {
    assertThat(shown(call("PUT", "/v1/kv/l?" + query, "x"))).isEqualTo("500 " + TEXT + text);
    assertThat(get("/v1/kv/l").status()).isEqualTo(404);
  }

  @Test
  void acquire_free_own_other() throws IOException {
    String mine = session(AT_ONCE);
    String other = session(AT_ONCE);

    assertThat(shown(call("PUT", "/v1/kv/l?acquire=" + mine + "&flags=5", "v1"))).isEqualTo(YES);
    assertThat(entry("l")).isEqualTo(held(1, 5, "djE=", mine));
    assertThat(put("/v1/kv/l?acquire=" + mine, "v2")).isEqualTo("true");
    assertThat(entry("l")).isEqualTo(held(1, 0, "djI=", mine));
    long before = index(get("/v1/kv/l"));
    assertThat(shown(call("PUT", "/v1/kv/l?acquire=" + other, "v3"))).isEqualTo(NO);
    assertThat(index(get("/v1/kv/l"))).isEqualTo(before);
    assertThat(put("/v1/kv/l?acquire=" + mine, "v2")).isEqualTo("true");
    assertThat(index(get("/v1/kv/l"))).as("an equal value").isGreaterThan(before);
  }

  @Test
  void put_keepsTheHolder_andResetsTheLockIndex() throws IOException {
    String mine = session(AT_ONCE);
    put("/v1/kv/l?acquire=" + mine, "v");

    assertThat(put("/v1/kv/l?flags=9", "plain")).isEqualTo("true");
    assertThat(entry("l")).isEqualTo(held(0, 9, "cGxhaW4=", mine));
    assertThat(put("/v1/kv/l?cas=" + index(get("/v1/kv/l")), "plaincas")).isEqualTo("true");
    assertThat(entry("l")).isEqualTo(held(0, 0, "cGxhaW5jYXM=", mine));
  }

  @Test
  void release_byTheHolder_writesTheBody_byOthers_isFalse() throws IOException {
    String mine = session(AT_ONCE);
    String other = session(AT_ONCE);
    put("/v1/kv/l?acquire=" + mine, "v");

    for (String nobody : new String[] {other, NOBODY, "abc"}) {
      assertThat(shown(call("PUT", "/v1/kv/l?release=" + nobody, "v3"))).isEqualTo(NO);
    }
    assertThat(put("/v1/kv/none?release=" + mine, "v3")).isEqualTo("false");
    assertThat(shown(call("PUT", "/v1/kv/l?release=" + mine + "&flags=6", "relval")))
        .isEqualTo(YES);
    assertThat(entry("l")).isEqualTo(held(1, 6, "cmVsdmFs", ""));
    assertThat(put("/v1/kv/l?release=" + mine, "x")).as("again").isEqualTo("false");
    assertThat(put("/v1/kv/l?acquire=" + other, "v4")).as("at once").isEqualTo("true");
    assertThat(entry("l")).isEqualTo(held(2, 0, "djQ=", other));
  }

  @Test
  void release_thatRacesWithDestroy_isFalseNotAnError() throws IOException {
    String mine = session(AT_ONCE);
    put("/v1/kv/l?acquire=" + mine, "v");
    put("/v1/session/destroy/" + mine, "");

    assertThat(shown(call("PUT", "/v1/kv/l?release=" + mine, "v"))).isEqualTo(NO);
  }

  @Test
  void heldKey_deleted_leavesTheSession() throws IOException {
    String mine = session(AT_ONCE);
    String other = session(AT_ONCE);
    put("/v1/kv/l?acquire=" + mine, "v");
    call("DELETE", "/v1/kv/l", "");

    assertThat(get("/v1/session/info/" + mine).body()).contains(mine);
    assertThat(put("/v1/kv/l?acquire=" + other, "v")).isEqualTo("true");
    assertThat(entry("l")).isEqualTo(held(1, 0, "dg==", other));
  }

  @Test
  void invalidation_releases_andDelays() throws IOException {
    String mine = session("{\"LockDelay\":\"30s\"}");
    String other = session(AT_ONCE);
    put("/v1/kv/l?acquire=" + mine, "v");
    long before = index(get("/v1/kv/l"));
    put("/v1/session/destroy/" + mine, "");

    assertThat(entry("l")).isEqualTo(held(1, 0, "dg==", ""));
    assertThat(index(get("/v1/kv/l"))).isGreaterThan(before);
    assertThat(shown(call("PUT", "/v1/kv/l?acquire=" + other, "w"))).isEqualTo(NO);
  }

  @Test
  void invalidation_deletes_andAPlainPutIsAllowedAtOnce() throws IOException {
    String mine = session("{\"LockDelay\":\"30s\",\"Behavior\":\"delete\"}");
    String other = session(AT_ONCE);
    put("/v1/kv/d/l?acquire=" + mine, "v");
    long before = index(get("/v1/kv/d/?recurse"));
    put("/v1/session/destroy/" + mine, "");

    Answer gone = get("/v1/kv/d/?recurse");
    assertThat(gone.status()).isEqualTo(404);
    assertThat(index(gone)).isGreaterThan(before);
    assertThat(put("/v1/kv/d/l?acquire=" + other, "w")).isEqualTo("false");
    assertThat(put("/v1/kv/d/l", "plain")).isEqualTo("true");
  }

  /** What libkv sends for a put with a time to live, first time and again (wire-protocol 4.2). */
  @Test
  void libkvsPutWithTimeToLive_staysWithItsSession() throws IOException {
    String flags = "flags=3304740253564472344";
    String id = session("{\"Behavior\":\"delete\",\"LockDelay\":\"1ms\",\"TTL\":\"30s\"}");
    assertThat(get("/v1/kv/l?wait=15000ms").status()).isEqualTo(404);
    assertThat(put("/v1/kv/l?acquire=" + id + "&" + flags, "")).isEqualTo("true");
    assertThat(get("/v1/kv/l").body()).contains("\"Value\":null,\"Session\":\"" + id + "\"");
    assertThat(call("PUT", "/v1/session/renew/" + id, "").status()).isEqualTo(200);
    assertThat(put("/v1/kv/l?" + flags, "v")).isEqualTo("true");

    assertThat(entry("l")).isEqualTo(held(0, 3304740253564472344L, "dg==", id));
    put("/v1/session/destroy/" + id, "");
    assertThat(get("/v1/kv/l").status()).isEqualTo(404);
  }
}
