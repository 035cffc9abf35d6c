package io.kubekv.consul;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Transactions, as Consul 1.5.3 was seen to answer. */
final class ConsulTxnWireTest extends ConsulWire {
  private static final String READ_ONLY =
      ",\"Index\":0,\"LastContact\":0,\"KnownLeader\":true,\"ConsistencyLevel\":\"\"}";
  private static final String WROTE = "200 [Content-Type=application/json] ";

  @BeforeEach
  void fill() throws IOException {
    put("/v1/kv/tx/a?flags=3", "1");
    put("/v1/kv/tx/b", "2");
  }

  private String txn(String operations) throws IOException {
    return shown(call("PUT", "/v1/txn", operations.replace('\'', '"')));
  }

  private static String op(String verb, String key, String more) {
    return "{'KV':{'Verb':'" + verb + "','Key':'" + key + "'" + more + "}}";
  }

  private static String rolledBack(int position, String what) {
    return "{\"Results\":null,\"Errors\":[{\"OpIndex\":%d,\"What\":\"%s\"}]"
        .formatted(position, what.replace("\"", "\\\""));
  }

  private static String entry(String key, int flags, String value, int created, int modified) {
    return "{\"KV\":{\"LockIndex\":0,\"Key\":\"%s\",\"Flags\":%d,\"Value\":%s,\"CreateIndex\":%d,\"ModifyIndex\":%d}}"
        .formatted(key, flags, value, created, modified);
  }

  @Test
  void set_showsTheEntryWithoutItsValue() throws IOException {
    assertThat(txn("[" + op("set", "tx/c", ",'Value':'MQ==','Flags':7") + "]"))
        .isEqualTo(
            WROTE + "{\"Results\":[" + entry("tx/c", 7, "null", 4, 4) + "],\"Errors\":null}");
    assertThat(entry("tx/c")).contains("\"Flags\":7,\"Value\":\"MQ==\"");
    assertThat(txn("[{'kv':{'verb':'set','key':'tx/low','value':null}}]")).startsWith(WROTE);
  }

  @Test
  void reads_areOfOneSnapshot() throws IOException {
    assertThat(txn("[" + op("get", "tx/a", "") + "," + op("get-tree", "tx/b", "") + "]"))
        .isEqualTo(
            "200 ["
                + READ
                + "] {\"Results\":["
                + entry("tx/a", 3, "\"MQ==\"", 2, 2)
                + ","
                + entry("tx/b", 0, "\"Mg==\"", 3, 3)
                + "],\"Errors\":null"
                + READ_ONLY);
    assertThat(txn("[" + op("get-tree", "none/", "") + "]"))
        .contains("{\"Results\":[],\"Errors\":null");
    assertThat(txn("[]"))
        .isEqualTo("200 [" + READ + "] {\"Results\":[],\"Errors\":null" + READ_ONLY);
    assertThat(txn("[{}]")).contains("{\"Results\":[],\"Errors\":null");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "get              | tx/none | ~~                 | key \"tx/none\" doesn't exist",
        "check-index      | tx/none | ,'Index':1         | failed to check index, key \"tx/none\""
            + " doesn't exist",
        "check-index      | tx/a    | ,'Index':4         | failed index check for key \"tx/a\","
            + " current modify index 2 != 4",
        "check-session    | tx/none | ~~                 | failed to check session, key \"tx/none\""
            + " doesn't exist",
        "check-session    | tx/a    | ,'Session':'x'     | failed session check for key \"tx/a\","
            + " current session \"\" != \"x\"",
        "check-not-exists | tx/a    | ~~                 | key \"tx/a\" exists",
        "foo              | tx/a    | ~~                 | unknown KV verb \"foo\"",
        "get-or-empty     | tx/a    | ~~                 | unknown KV verb \"get-or-empty\""
      })
  void read_thatFails_isRolledBackWithTheFieldsOfARead(
      String verb, String key, String more, String what) throws IOException {
    assertThat(txn("[" + op("get", "tx/a", "") + "," + op(verb, key, more) + "]"))
        .isEqualTo("409 [" + READ + "] " + rolledBack(1, what) + READ_ONLY);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "cas        | tx/a | ,'Index':4 | failed to set key \"tx/a\", index is stale",
        "cas        | tx/a | ,'Index':0 | failed to set key \"tx/a\", index is stale",
        "cas        | tx/n | ,'Index':4 | failed to set key \"tx/n\", index is stale",
        "delete-cas | tx/a | ,'Index':4 | failed to delete key \"tx/a\", index is stale",
        "lock       | tx/a | ~~         | missing session",
        "lock       | tx/a | ,'Session':'" + NOBODY + "' | invalid session \"" + NOBODY + "\"",
        "unlock     | tx/a | ,'Session':'"
            + NOBODY
            + "' | failed to unlock key \"tx/a\", lock isn't held, or is held by another session",
        "set        | ~~   | ,'Value':'MQ==' | Must provide key"
      })
  void write_thatFails_isRolledBack(String verb, String key, String more, String what)
      throws IOException {
    assertThat(txn("[" + op(verb, key, more) + "]"))
        .isEqualTo("409 [Content-Type=application/json] " + rolledBack(0, what) + "}");
    assertThat(get("/v1/kv/?keys").body()).isEqualTo("[\"tx/a\",\"tx/b\"]");
  }

  @Test
  void cas_delete_andTheirChecks() throws IOException {
    assertThat(txn("[" + op("cas", "tx/a", ",'Index':2,'Value':'Mg=='") + "]")).startsWith(WROTE);
    assertThat(txn("[" + op("cas", "tx/new", ",'Index':0,'Value':'Mg=='") + "]")).startsWith(WROTE);
    assertThat(txn("[" + op("delete-cas", "tx/none", ",'Index':1") + "]"))
        .isEqualTo(WROTE + "{\"Results\":[],\"Errors\":null}");
    assertThat(txn("[" + op("delete-cas", "tx/a", ",'Index':4") + "]")).startsWith(WROTE);
    assertThat(txn("[" + op("delete", "tx/none", "") + "]")).startsWith(WROTE);
    assertThat(txn("[" + op("delete-tree", "tx/", "") + "]")).startsWith(WROTE);
    assertThat(get("/v1/kv/?keys").body()).isEqualTo("[]");
  }

  @Test
  void lock_andUnlock() throws IOException {
    String mine = session("{\"LockDelay\":0}");
    String other = session("{\"LockDelay\":0}");
    assertThat(txn("[" + op("lock", "tx/l", ",'Value':'bA==','Session':'" + mine + "'") + "]"))
        .contains("\"LockIndex\":1,\"Key\":\"tx/l\"", "\"Session\":\"" + mine + "\"");
    assertThat(txn("[" + op("lock", "tx/l", ",'Session':'" + other + "'") + "]"))
        .contains("failed to lock key \\\"tx/l\\\", lock is already held");
    assertThat(txn("[" + op("check-session", "tx/l", ",'Session':'" + mine + "'") + "]"))
        .contains("\"Value\":null", "\"KnownLeader\":true");
    assertThat(txn("[" + op("unlock", "tx/l", ",'Session':'" + mine + "','Value':'dQ=='") + "]"))
        .startsWith(WROTE)
        .doesNotContain("Session");
    assertThat(entry("tx/l")).contains("\"Value\":\"dQ==\"");
  }

  @Test
  void checks_ofTheKeyThatIsWritten() throws IOException {
    String change = "," + op("set", "tx/a", ",'Value':'OQ=='") + "]";

    assertThat(txn("[" + op("check-index", "tx/a", ",'Index':7") + change))
        .contains("failed index check");
    assertThat(entry("tx/a")).contains("\"MQ==\"");
    assertThat(txn("[" + op("check-index", "tx/a", ",'Index':2") + change))
        .isEqualTo(
            WROTE
                + "{\"Results\":["
                + entry("tx/a", 3, "null", 2, 2)
                + ","
                + entry("tx/a", 0, "null", 2, 4)
                + "],\"Errors\":null}");
    assertThat(txn("[" + op("check-not-exists", "tx/n", "") + "," + op("set", "tx/n", "") + "]"))
        .startsWith(WROTE);
    assertThat(txn("[" + op("get", "tx/n", "") + "," + op("delete", "tx/n", "") + "]"))
        .startsWith(WROTE);
    assertThat(get("/v1/kv/tx/n").status()).isEqualTo(404);
  }

  @Test
  void writes_ofSeveralKeys_happenTogether_andReadsSeeThem() throws IOException {
    String set = op("set", "tx/c", ",'Value':'MQ=='");

    assertThat(txn("[" + set + "," + op("get", "tx/a", "") + "," + op("get", "tx/c", "") + "]"))
        .isEqualTo(
            WROTE
                + "{\"Results\":["
                + entry("tx/c", 0, "null", 4, 4)
                + ","
                + entry("tx/a", 3, "\"MQ==\"", 2, 2)
                + ","
                + entry("tx/c", 0, "\"MQ==\"", 4, 4)
                + "],\"Errors\":null}");
    assertThat(txn("[" + op("set", "tx/d", "") + "," + op("delete-tree", "tx/", "") + "]"))
        .isEqualTo(
            WROTE + "{\"Results\":[" + entry("tx/d", 0, "null", 5, 5) + "],\"Errors\":null}");
    assertThat(get("/v1/kv/?keys").body()).isEqualTo("[]");
  }

  @Test
  void rollback_triesAndReportsLaterOperations() throws IOException {
    String operations =
        op("set", "tx/r1", ",'Value':'MQ=='")
            + ","
            + op("cas", "tx/r1", ",'Value':'MQ==','Index':1")
            + ","
            + op("check-not-exists", "tx/r1", "")
            + ","
            + op("lock", "tx/r1", "")
            + ","
            + op("foo", "tx/r1", "")
            + ","
            + op("delete-cas", "tx/none", ",'Index':1");

    assertThat(txn("[" + operations + "]"))
        .isEqualTo(
            "409 [Content-Type=application/json] {\"Results\":null,\"Errors\":["
                + "{\"OpIndex\":1,\"What\":\"failed to set key \\\"tx/r1\\\", index is stale\"},"
                + "{\"OpIndex\":2,\"What\":\"key \\\"tx/r1\\\" exists\"},"
                + "{\"OpIndex\":3,\"What\":\"missing session\"},"
                + "{\"OpIndex\":4,\"What\":\"unknown KV verb \\\"foo\\\"\"}]}");
    assertThat(get("/v1/kv/?keys").body()).isEqualTo("[\"tx/a\",\"tx/b\"]");
  }

  @Test
  void deleteCas_ofNothing_isDoneWithTheOthers() throws IOException {
    String none = op("delete-cas", "tx/none", ",'Index':1");
    String set = op("set", "tx/a", ",'Value':'OQ=='");

    assertThat(txn("[" + none + "," + set + "," + none + "]")).startsWith(WROTE);
    assertThat(entry("tx/a")).contains("\"OQ==\"");
  }

  @Test
  void lockDelay_isToldAlone() throws IOException {
    String former = session("{\"LockDelay\":\"15s\"}");
    String mine = session("{\"LockDelay\":0}");
    String lock = op("lock", "tx/l", ",'Session':'%s'");
    txn("[" + lock.formatted(former) + "]");
    call("PUT", "/v1/session/destroy/" + former, "");

    assertThat(txn("[" + op("get", "tx/none", "") + "," + lock.formatted(mine) + "]"))
        .isEqualTo(
            "409 [Content-Type=application/json] "
                + rolledBack(1, "failed to lock key \"tx/l\" due to lock delay")
                + "}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "[            | unexpected EOF",
        "{}           | unexpected raw type: map[]",
        "~~           | EOF",
        "[{'KV':{'Verb':'set','Key':'q','Flags':1e400,'X':2e400}}] | json: cannot unmarshal number"
            + " 1e400 into Go value of type float64",
        "[{'KV':{'Verb':'set','Key':'q','Value':'***'}}] | failed to decode value: illegal base64"
            + " data at input byte 0"
      })
  void body_wrong_isNamed(String body, String what) throws IOException {
    assertThat(
            shown(call("PUT", "/v1/txn", body.startsWith("[{") ? body.replace('\'', '"') : body)))
        .startsWith("400 ")
        .isEqualTo("400 " + TEXT + "Failed to parse body: " + what);
  }

  @Test
  void body_tooLarge_isNamed() throws IOException {
    String get = op("get", "tx/a", "");
    assertThat(txn("[" + (get + ",").repeat(63) + get + "]")).startsWith("200 ");
    assertThat(txn("[" + (get + ",").repeat(64) + get + "]"))
        .contains("413 ")
        .endsWith("Transaction contains too many operations (65 > 64)");
  }

  @Test
  void value_tooLarge_isNamed() throws IOException {
    assertThat(txn("[" + op("set", "tx/big", ",'Value':'" + "QUFB".repeat(200_000) + "'") + "]"))
        .endsWith("Value for key \"tx/big\" is too large (600000 > 524288 bytes)");
  }

  @Test
  void transport() throws IOException {
    assertThat(shown(get("/v1/txn")))
        .isEqualTo(
            "405 [Allow=OPTIONS,PUT Content-Type=text/plain; charset=utf-8] method GET not"
                + " allowed");
    assertThat(shown(call("PUT", "/v1/txn?dc=zz", "[]")))
        .isEqualTo("500 " + TEXT + "No path to datacenter");
    assertThat(shown(call("PUT", "/v1/txn?stale&consistent", "[]"))).startsWith("400 ");
  }
}
