package io.kubekv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.PutRequest;
import io.kubekv.cli.ServerUnderTest.Ran;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The forms that verbs print in, and the words that get, list and watch share. */
class OutputTest {
  private final ServerUnderTest server = new ServerUnderTest();

  @BeforeEach
  void fill() {
    put("a/x", "one");
    put("a/y", "two");
    put("b", "three");
  }

  @AfterEach
  void close() {
    server.close();
  }

  private void put(String key, String value) {
    var unused = Await.change(server.store().put(PutRequest.of(Key.of(key), Bytes.utf8(value))));
  }

  @Test
  void yaml_isADocumentForEachObject() {
    assertThat(server.run("get", "b", "-o", "yaml").lines())
        .startsWith("---", "key: b", "value: three");
    assertThat(server.run("list", "a/", "-o", "yaml").lines()).filteredOn("---"::equals).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {.key}|b
          {.key}={.value}|b=three
          {.version}{"\\t"}{['key']}|1\tb
          {$.value}|three
          {.lock.token}x|x
          """)
  void jsonpath_isALineForEachObject(String template, String line) {
    assertThat(server.run("get", "b", "-o", "jsonpath=" + template).lines()).containsExactly(line);
  }

  @Test
  void jsonpath_elementsOfAList_areTakenByNumberOrAll() {
    String all =
        "jsonpath={.results[*].put.key} {.results[-1].put.value} {.results[0].put.version}";

    Ran ran =
        server.runWith("\nput c 1\nput d 2\n".getBytes(StandardCharsets.UTF_8), "txn", "-o", all);

    assertThat(ran.lines()).containsExactly("c d 2 1");
  }

  @Test
  void noHeaders_leavesTheFirstLineOut() {
    assertThat(server.run("list").lines()).hasSize(4).first().asString().startsWith("KEY ");
    assertThat(server.run("list", "--no-headers").lines())
        .hasSize(3)
        .first()
        .asString()
        .startsWith("a/x ");
  }

  @Test
  void getAndList_withThePrefixOrTheTree_meanTheSameKeys() {
    assertThat(server.run("list", "a/", "--prefix", "-o", "value").lines())
        .isEqualTo(server.run("list", "a/", "-o", "value").lines())
        .isEqualTo(server.run("get", "a/", "--prefix", "-o", "jsonpath={.key}").lines())
        .isEqualTo(server.run("get", "a", "--tree", "-o", "jsonpath={.key}").lines())
        .containsExactly("a/x", "a/y");
    assertThat(server.run("get", "a/", "--prefix").lines())
        .containsExactly("a/x", "one", "a/y", "two");
  }

  @Test
  void watch_takesTheWordsOfList() {
    assertThat(server.run("watch", "--prefix", "--rev", "1", "--count", "2", "-o", "value").lines())
        .containsExactly("a/x", "a/y");
  }

  @Test
  void rev_readsTheStateOfThen() {
    String before = server.run("get", "b", "-o", "jsonpath={.modifyRevision}").out().strip();
    put("b", "four");
    put("c", "five");

    assertThat(server.run("get", "b", "--rev", before).out()).isEqualTo("three");
    assertThat(server.run("list", "--rev", before, "-o", "value").lines())
        .containsExactly("a/x", "a/y", "b");
    assertThat(server.run("get", "b", "--rev", "999999").exitCode()).isEqualTo(1);
  }

  @Test
  void watchExec_runsTheCommandForEachChange_withItsValue() {
    Ran ran =
        server.run(
            "watch",
            "a/",
            "--prefix",
            "--oldest",
            "--count",
            "2",
            "--exec",
            "echo $KUBEKV_WATCH_EVENT $KUBEKV_WATCH_KEY $KUBEKV_WATCH_REVISION $(cat)");

    assertThat(ran.exitCode()).isZero();
    assertThat(ran.lines()).containsExactly("put a/x 2 one", "put a/y 3 two");
  }

  @Test
  void watchExec_commandThatFails_isSaidAndTheNextRuns() {
    Ran ran = server.run("watch", "--prefix", "--oldest", "--count", "2", "--exec", "exit 7");

    assertThat(ran.exitCode()).isZero();
    assertThat(ran.err().lines())
        .containsExactly(
            "kubekv: the command for revision 2 ended with 7",
            "kubekv: the command for revision 3 ended with 7");
  }

  /** As long as a value may be, and full of what is escaped. */
  @Test
  void quotesAroundMuch_areRead() {
    String much = "a\\\"".repeat(200_000);

    Ran done =
        server.runWith(("\nput long \"" + much + "\"\n").getBytes(StandardCharsets.UTF_8), "txn");
    Ran shown = server.run("get", "b", "-o", "jsonpath={\"" + much + "\"}{.key}");

    assertThat(done.lines()).as(done.err()).containsExactly("SUCCESS", "put long");
    assertThat(server.run("get", "long").out()).isEqualTo("a\"".repeat(200_000));
    assertThat(shown.lines()).as(shown.err()).containsExactly("a\"".repeat(200_000) + "b");
  }

  @Test
  void txn_comparisonsThatHold_doTheFirst_othersTheSecond() {
    String transaction =
        """
        # only once
        value("b") = "three"
        create(c) = 0

        put c "a b"
        get b

        get c
        """;

    Ran first = server.runWith(transaction.getBytes(StandardCharsets.UTF_8), "txn");
    Ran second = server.runWith(transaction.getBytes(StandardCharsets.UTF_8), "txn");

    assertThat(first.exitCode()).isZero();
    assertThat(first.lines()).containsExactly("SUCCESS", "put c", "b", "three");
    assertThat(second.exitCode()).isEqualTo(1);
    assertThat(second.lines()).containsExactly("FAILURE", "c", "a b");
  }

  @Test
  void txn_partsWithHeads_andDeletes() {
    String transaction =
        """
        if:
          version(b) > 0
          mod(b) != 1
        then:

          delete a/ --prefix
          put t 'x "y"' --ttl 5m
        """;

    Ran ran = server.runWith(transaction.getBytes(StandardCharsets.UTF_8), "txn", "-o", "json");

    assertThat(ran.json().get("held").asBoolean()).isTrue();
    assertThat(ran.json().at("/results/0/deleted").asInt()).isEqualTo(2);
    assertThat(ran.json().at("/results/1/put/value").asString()).isEqualTo("x \"y\"");
    assertThat(ran.json().at("/results/1/put/ttlMillis").asInt()).isEqualTo(300_000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          size(a) = 1|line 1: 'size' is none of value, version, create and mod
          mod(a) = x|line 1: 'x' is not a revision
          mod(a) ~ 1|line 1: 'mod(a) ~ 1' is no comparison, as mod("KEY") = 7 or value("KEY") = "TEXT"
          ;;put a|line 2: 'put a' is not put KEY VALUE [--ttl DURATION]
          ;;put a "b|line 2: a quote in 'put a "b' has no end
          ;;fly a|line 2: 'fly' is none of put, get and delete
          ;;get a b|line 2: 'get a b' has not one KEY
          ;;;;;get a|line 4: 'get a' is in no part: comparisons, then, otherwise are the three
          """)
  void txn_wrongLine_isNamed(String lines, String said) {
    String text = lines.replaceFirst("^;;;;;", "\n\n\n").replaceFirst("^;;", "\n");

    Ran ran = server.runWith(text.getBytes(StandardCharsets.UTF_8), "txn");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).isEqualTo("kubekv: " + said + "\n");
  }

  @Test
  void canI_withoutRules_isYesAndChangesNothing() {
    long before = server.store().status().revision().value();

    for (String verb : new String[] {"GET", "PUT", "DELETE"}) {
      assertThat(server.run("auth", "can-i", verb.toLowerCase(Locale.ROOT), "b").out())
          .isEqualTo("yes\n");
    }
    assertThat(server.run("auth", "can-i", "delete", "a/", "--prefix").out()).isEqualTo("yes\n");
    assertThat(server.store().status().revision().value()).isEqualTo(before);
    assertThat(server.run("get", "b").out()).isEqualTo("three");
  }
}
