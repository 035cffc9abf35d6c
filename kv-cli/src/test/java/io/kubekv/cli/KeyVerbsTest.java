package io.kubekv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.PutRequest;
import io.kubekv.cli.ServerUnderTest.Ran;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyVerbsTest {
  private static final byte[] BINARY = {0, (byte) 0xff, '\n', (byte) 0xc3, 0};

  private final ServerUnderTest server = new ServerUnderTest();
  @TempDir Path folder;

  @AfterEach
  void close() {
    server.close();
  }

  private Entry entry(String key) {
    return Await.read(server.store().get(Key.of(key), Freshness.LINEARIZABLE))
        .entry()
        .orElseThrow();
  }

  private void given(String key, String value) {
    var unused = Await.change(server.store().put(PutRequest.of(Key.of(key), Bytes.utf8(value))));
  }

  @Test
  void put_value_isStoredAndItsRevisionIsPrinted() {
    Ran ran = server.run("put", "a", "hello");

    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out()).isEqualTo(entry("a").modifyRevision() + "\n");
    assertThat(entry("a").value()).isEqualTo(Bytes.utf8("hello"));
  }

  @Test
  void put_binaryFromStandardInput_comesBackAsItWas() {
    assertThat(server.runWith(BINARY, "put", "a").exitCode()).isZero();

    assertThat(server.run("get", "a").bytes()).isEqualTo(BINARY);
  }

  @Test
  void put_file_isStored() throws IOException {
    Path file = Files.write(folder.resolve("value"), BINARY);

    assertThat(server.run("put", "a", "--file", file.toString()).exitCode()).isZero();
    assertThat(entry("a").value()).isEqualTo(Bytes.copyOf(BINARY));
  }

  @Test
  void put_valueThatBeginsWithADash_comesAfterTwo() {
    assertThat(server.run("put", "--flags", "7", "a", "--", "-5").exitCode()).isZero();

    assertThat(entry("a").value()).isEqualTo(Bytes.utf8("-5"));
    assertThat(entry("a").flags()).isEqualTo(7);
  }

  @Test
  void put_ttlAndLargestFlags_areStored() {
    Ran ran =
        server.run("put", "a", "x", "--ttl", "5m", "--flags", "18446744073709551615", "-o", "json");

    assertThat(entry("a").flags()).isEqualTo(-1);
    assertThat(entry("a").expiry().orElseThrow().timeToLive()).isEqualTo(Duration.ofMinutes(5));
    assertThat(ran.json().get("flags").asString()).isEqualTo("18446744073709551615");
    assertThat(ran.json().get("ttlMillis").asLong()).isEqualTo(300_000);
  }

  @Test
  void put_ifAbsentOnAKey_isRefusedWithTheEntry() {
    given("a", "old");

    Ran ran = server.run("put", "a", "new", "--if-absent", "-o", "json");

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.json().get("refused").asString()).isEqualTo("EXISTS");
    assertThat(ran.json().get("entry").get("value").asString()).isEqualTo("old");
    assertThat(ran.err()).contains("a: the key exists (a at revision ");
    assertThat(entry("a").value()).isEqualTo(Bytes.utf8("old"));
  }

  @Test
  void put_onRevisionAndValue_comparesBoth() {
    given("a", "old");
    String revision = entry("a").modifyRevision().toString();

    assertThat(server.run("put", "a", "x", "--if-revision", "999").exitCode()).isEqualTo(1);
    assertThat(server.run("put", "a", "x", "--if-value", "other").exitCode()).isEqualTo(1);
    assertThat(
            server
                .run("put", "a", "new", "--if-revision", revision, "--if-value", "old")
                .exitCode())
        .isZero();
    assertThat(entry("a").value()).isEqualTo(Bytes.utf8("new"));
  }

  @Test
  void put_fenceOfAFormerHolder_isRefused() {
    assertThat(server.run("put", "a", "x", "--fence", "9").exitCode()).isZero();

    Ran late = server.run("put", "a", "y", "--fence", "8");

    assertThat(late.exitCode()).isEqualTo(1);
    assertThat(late.err()).contains("older than one that the key has seen (9)");
  }

  @Test
  void put_tooLarge_isRefusedByName() {
    Ran ran = server.runWith(new byte[(1 << 20) + 1], "put", "a");

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err()).contains("value size is 1048577 bytes, at most 1048576 allowed");
  }

  @Test
  void put_wrongUsage_is2() {
    assertThat(server.run("put").exitCode()).isEqualTo(2);
    assertThat(server.run("put", "", "x").exitCode()).isEqualTo(2);
    assertThat(server.run("put", "a", "x", "--ttl", "soon").exitCode()).isEqualTo(2);
    assertThat(server.run("put", "a", "x", "--flags", "-1").exitCode()).isEqualTo(2);
    assertThat(server.run("put", "a", "x", "--file", "f").exitCode()).isEqualTo(2);
    assertThat(server.run("put", "a", "x", "--if-absent", "--if-present").exitCode()).isEqualTo(2);
    assertThat(server.run("put", "a", "x", "--server", "nowhere").exitCode()).isEqualTo(2);
  }

  @Test
  void get_missing_is1AndPrintsNothing() {
    Ran ran = server.run("get", "nowhere");

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).isEqualTo("kubekv: nowhere: no such key\n");
  }

  @Test
  void get_json_hasWhatTheEntryHas() {
    assertThat(server.runWith(BINARY, "put", "a", "--flags", "3").exitCode()).isZero();

    Ran ran = server.run("get", "a", "-o", "json");

    assertThat(ran.json().toString())
        .isEqualTo(
            "{\"key\":\"a\",\"base64\":\"AP8KwwA=\",\"flags\":3,\"createRevision\":%s,\"modifyRevision\":%s,\"version\":1}"
                .formatted(entry("a").createRevision(), entry("a").modifyRevision()));
  }

  @Test
  void get_table_showsOneLineWhateverTheValueIs() {
    given("a", "two\nlines");

    assertThat(server.run("get", "a", "-o", "table").lines())
        .hasSize(2)
        .last()
        .asString()
        .matches("a +\\d+ +9 +- +two\\\\u000alines");
  }

  @Test
  void list_formats_inOrderOfKeys() {
    given("b", "2");
    given("a/x", "1");
    given("a/y", "1");

    assertThat(server.run("list", "-o", "value").lines()).containsExactly("a/x", "a/y", "b");
    assertThat(server.run("list", "a", "-o", "json").lines()).hasSize(2);
    assertThat(server.run("list", "--level", "-o", "value").lines()).containsExactly("a/", "b");
    assertThat(server.run("list", "a", "--tree", "-o", "value").lines())
        .containsExactly("a/x", "a/y");
    assertThat(server.run("list").lines()).hasSize(4).first().asString().startsWith("KEY ");
    assertThat(server.run("list", "--level").lines())
        .satisfiesExactly(
            first -> assertThat(first).startsWith("KEY "),
            cut -> assertThat(cut).matches("a/ +- +- +- +\\(keys below\\)"),
            whole -> assertThat(whole).startsWith("b "));
    assertThat(server.run("list", "nothing", "-o", "json")).satisfies(KeyVerbsTest::isEmptyAndDone);
  }

  private static void isEmptyAndDone(Ran ran) {
    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out()).isEmpty();
  }

  @Test
  void delete_conditions_areHeeded() {
    given("a", "x");

    assertThat(server.run("delete", "a", "--if-value", "y").exitCode()).isEqualTo(1);
    assertThat(server.run("delete", "a", "--if-value", "x").exitCode()).isZero();
    assertThat(server.run("delete", "a").exitCode()).isEqualTo(1);
  }

  @Test
  void delete_many_printsHowMany() {
    given("a", "1");
    given("a/x", "1");
    given("ab", "1");

    assertThat(server.run("delete", "a", "--tree").out()).isEqualTo("2\n");
    assertThat(server.run("delete", "a", "--prefix", "-o", "json").json().get("deleted").asInt())
        .isEqualTo(1);
  }

  @Test
  void delete_emptyPrefix_wantsToBeToldTwice() {
    given("a", "1");

    assertThat(server.run("delete", "", "--prefix").exitCode()).isEqualTo(2);
    assertThat(entry("a").value()).isEqualTo(Bytes.utf8("1"));
    assertThat(server.run("delete", "", "--prefix", "--all").out()).isEqualTo("1\n");
  }

  @Test
  void anyVerb_withoutAServer_is3AndSaysWhere() {
    Ran ran =
        ServerUnderTest.run(
            Map.of(), new ByteArrayOutputStream(), new byte[0], "get", "a", "--server", unused());

    assertThat(ran.exitCode()).isEqualTo(3);
    assertThat(ran.err()).contains(unused()).contains("KUBEKV_SERVER");
  }

  /** Port 1: nobody listens there. */
  private static String unused() {
    return "127.0.0.1:1";
  }

  @Test
  void keysAndValues_ofAnyScript_areKept() {
    assertThat(server.run("put", "schlüssel/鍵", "größe 😀").exitCode()).isZero();

    assertThat(server.run("get", "schlüssel/鍵").bytes())
        .isEqualTo("größe 😀".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void help_listsTheVerbsAndTheExitCodes() {
    assertThat(server.run("--help").out())
        .contains("serve", "get", "put", "delete", "list", "watch", "session");
    assertThat(server.run("get", "--help").out()).contains("Exit codes:", "3", "cannot be reached");
  }
}
