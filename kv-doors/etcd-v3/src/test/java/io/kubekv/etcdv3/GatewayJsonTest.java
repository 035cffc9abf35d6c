package io.kubekv.etcdv3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is JSON, and what a message is in it: both sides take and refuse the same. */
class GatewayJsonTest {
  private static final String RANGE = "/v3/kv/range";

  /** The key that they ask for, which nobody puts. */
  private static final String KEY = "\"key\":\"Z3Nvbg\"";

  private static void same(String body) throws IOException {
    Exchange exchange = Exchange.post(RANGE, body);
    Exchange.Answer expected = exchange.asked(Side.ETCD);
    assertThat(exchange.asked(Side.KUBEKV)).as("%s", body).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "\n\t\r ",
        "{",
        "}",
        "[",
        "]",
        "{}",
        "[]",
        "null",
        "true",
        "fals",
        "nul",
        "nulx",
        "tru",
        "trux",
        "falsy",
        "1",
        "-",
        "-x",
        "01",
        "1.",
        "1.x",
        "1e",
        "1e+",
        "1ex",
        "\"",
        "\"s\"",
        "\"s\"x",
        "\"s\":1",
        "'a'",
        "{'a':1}",
        "{a:1}",
        "{\"a\"}",
        "{\"a\" 1}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{,}",
        "[1,]",
        "[,]",
        "{\"a\":1 \"b\":2}",
        "[1 2]",
        "{\"a\":[}",
        "{\"a\":{]",
        "/**/{}",
        "{}{}",
        "{} x",
        "{\"a\":01}",
        "{\"a\":+1}",
        "{\"a\":.5}",
        "{\"a\":NaN}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u12g4\"}",
        "{\"a\":\"\\u12",
        "{\"a\":\"\t\"}",
        "{\"a\":\"\u0000\"}",
        "{\"a\":\"\u0007\b\"}",
        "\u0007",
        "\u00e9",
        "{\"a\":\u00ff}",
        "\u00ef\u00bb\u00bf{}",
        "\\",
        "{\"a\":\"\\",
        "NaN",
        "undefined",
        "--1",
        "1-1",
        "[[[[[[[[",
        "{\"\":{\"\":1}}",
        "\u007f",
        "{\"a\":1]",
        "[1}",
        "[\"a\":1]",
        "{1:2}",
        "{\"a\":tru}",
        "{\"a\":nullx}",
        "{\"a\":1x}"
      })
  void texts(String body) throws IOException {
    same(body);
    same(" \n" + body);
    same("{" + KEY + ",\"x\":" + body + "}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"limit\":1",
        "\"limit\":\"1\"",
        "\"limit\":\" 1\"",
        "\"limit\":\"1 \"",
        "\"limit\":\"\"",
        "\"limit\":1.0",
        "\"limit\":1.5",
        "\"limit\":15e-1",
        "\"limit\":10e-1",
        "\"limit\":100e-2",
        "\"limit\":1e19",
        "\"limit\":1e18",
        "\"limit\":1e999999999",
        "\"limit\":1e99999999999",
        "\"limit\":0e99999999999",
        "\"limit\":0.0",
        "\"limit\":-0",
        "\"limit\":\"-0\"",
        "\"limit\":9223372036854775807",
        "\"limit\":9223372036854775808",
        "\"limit\":\"0x1\"",
        "\"limit\":-9223372036854775808",
        "\"limit\":\"1e0\"",
        "\"limit\":\"1,2\"",
        "\"limit\":\"1e\"",
        "\"limit\":\"1]\"",
        "\"limit\":\"1 2\"",
        "\"limit\":\"1x\"",
        "\"limit\":\"+1\"",
        "\"limit\":\"01\"",
        "\"limit\":\"\\u0031\"",
        "\"limit\":\"null\"",
        "\"limit\":true",
        "\"limit\":{}",
        "\"limit\":[]",
        "\"limit\":null",
        "\"limit\":\"\\\"1\\\"\"",
        "\"limit\":1e-1",
        "\"limit\":1.50e1",
        "\"limit\":123456789012345678901234567890",
        "\"limit\":0.1e1",
        "\"limit\":1E1",
        "\"keys_only\":true",
        "\"keys_only\":\"true\"",
        "\"keys_only\":1",
        "\"keys_only\":null",
        "\"keysOnly\":false",
        "\"KeysOnly\":true",
        "\"keys_only\":true,\"keysOnly\":true",
        "\"keys_only\":null,\"keys_only\":null",
        "\"sort_order\":\"descend\"",
        "\"sort_order\":1.0",
        "\"sort_order\":\"1\"",
        "\"sort_order\":null",
        "\"sort_order\":[]",
        "\"sort_order\":4294967296",
        "\"sort_order\":-1",
        "\"sort_target\":\"MOD\"",
        "\"range_end\":null",
        "\"range_end\":\"\"",
        "\"range_end\":\"YQ=\"",
        "\"range_end\":\"YQ===\"",
        "\"range_end\":\"Y\"",
        "\"range_end\":\"Y=\"",
        "\"range_end\":\"YR==\"",
        "\"range_end\":\"Y_-_\"",
        "\"range_end\":\"Y_+_\"",
        "\"range_end\":\"Y Q=\"",
        "\"range_end\":\"Y\\nQ=\\n=\"",
        "\"range_end\":\"YWE\\r\\n\"",
        "\"range_end\":\"\u00c3\u00a9==\"",
        "\"range_end\":\"=\"",
        "\"range_end\":\"====\"",
        "\"range_end\":[1]",
        "\"range_end\":{\"a\":[]}",
        "\"range_end\":\"YQ==YQ==\"",
        "\"range_end\":\"Y-\"",
        "\"range_end\":\"Y-=\"",
        "\"range_end\":\"Y-==\"",
        "\"rangeEnd\":1",
        "\"range_end\":\"\\ud800\"",
        "\"range_end\":\"\\ud800aaaaaaa\"",
        "\"range_end\":\"\\udc00\\ud800\"",
        "\"range_end\":\"\\ud83d\\ude00\"",
        "\"range_end\":\"\\ud83d\\u0041\"",
        "\"x\":\"\\ud800aaaaaaaa\"",
        "\"\\u006cimit\":true",
        "\"x\":\"\u00ff\"",
        "\"\u00ff\":1",
        "\"x\":\"\u00c0\u0080\"",
        "\"x\":\"\u00ed\u00a0\u0080\"",
        "\"\u00c3\u00a9\":1,\"limit\":true",
        "\n\n\"\u00e2\u0082\u00ac\":1,\n \"limit\":true",
        "\"[x]\":1",
        "\"[etcdserverpb.x]\":{}",
        "\"@type\":\"x\"",
        "\"x\":[{\"y\":[1,{}]},null]",
        "\"1\":1",
        "\"revision\":18446744073709551615",
        "\"min_mod_revision\":\"x<y>&z\u00e2\u0080\u00a8\"",
        "\"limit\":\"tab\\t quote\\\" \u00e2\u0082\u00ac\"",
        "\"key\":\"YQ\"",
        "\"limit\" : \n true"
      })
  void fields(String field) throws IOException {
    same("{" + KEY + "," + field + "}");
    same("{" + field + "," + KEY + "}");
  }

  @Test
  void depth_isBounded() throws IOException {
    same("{\"x\":".repeat(9_999) + "1" + "}".repeat(9_999));
    same("{\"x\":".repeat(10_001) + "1" + "}".repeat(10_001));
    same("[".repeat(1_000_000));
    same("{\"x\":" + "[".repeat(700_000) + "]".repeat(700_000) + "}");
    String deep = "{\"success\":[{\"request_txn\":";
    Exchange txn = Exchange.post("/v3/kv/txn", deep.repeat(3_000) + "{}" + "}]}".repeat(3_000));
    Exchange.Answer answer = txn.asked(Side.KUBEKV);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body())
        .isEqualTo("{\"code\":3,\"message\":\"proto: exceeded max recursion depth\"}");
  }

  @Test
  void hostileNumbersAndTexts_costLittle() throws IOException {
    String digits = "1".repeat(700_000);
    for (String number :
        List.of(
            digits, "0." + "0".repeat(700_000) + "1", digits + "e-5", "1e" + "0".repeat(700_000))) {
      Exchange exchange = Exchange.post(RANGE, "{" + KEY + ",\"limit\":" + number + "}");
      assertThat(exchange.asked(Side.KUBEKV).status())
          .isEqualTo(exchange.asked(Side.ETCD).status());
    }
    same("{" + KEY + ",\"x\":\"" + "\\u0041".repeat(200_000) + "\"}");
    same("{" + KEY + ",\"x\":[" + "{},".repeat(400_000) + "{}]}");
    same("{" + "\"x\":1,".repeat(200_000) + KEY + "}");
  }

  /** Requests with a few bytes changed; they only read. */
  @Test
  void mutants_areTakenAndRefusedAlike() throws IOException {
    List<String> seeds =
        List.of(
            "{" + KEY + ",\"limit\":\"12\",\"sort_order\":\"DESCEND\",\"serializable\":true}",
            "{" + KEY + ",\"x\":{\"y\":[1,-2.5e+3,\"\\u00e9\\n\"],\"z\":null},\"keysOnly\":false}",
            "{"
                + KEY
                + ",\"min_create_revision\":1.0e1,\"max_mod_revision\":-4,\"count_only\":true}");
    Random random = new Random(Long.getLong("kubekv.probes.seed", 20));
    String alphabet = "{}[]:,\"\\ntfu019.-+eE=_Ax \n\u00ff\u0000";
    List<String> bodies = new ArrayList<>();
    for (int i = 0; i < Integer.getInteger("kubekv.mutants", 600); i++) {
      StringBuilder body = new StringBuilder(seeds.get(i % seeds.size()));
      for (int change = random.nextInt(3); change >= 0; change--) {
        int at = random.nextInt(Math.max(1, body.length()));
        char letter = alphabet.charAt(random.nextInt(alphabet.length()));
        int end = Math.min(body.length(), at + 1);
        switch (random.nextInt(4)) {
          case 0 -> body.delete(at, end);
          case 1 -> body.insert(at, letter);
          case 2 -> body.replace(at, end, String.valueOf(letter));
          default -> body.setLength(at + 1);
        }
      }
      bodies.add(body.toString());
    }
    for (String body : bodies) {
      Exchange exchange = Exchange.post(RANGE, body);
      Exchange.Answer expected = exchange.asked(Side.ETCD);
      Exchange.Answer answer = exchange.asked(Side.KUBEKV);
      // another key may be there at one side
      assertThat(answer.status()).as("%s", body).isEqualTo(expected.status());
      if (expected.status() != 200) {
        assertThat(answer.body())
            .as(
                "%s",
                new String(body.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8))
            .isEqualTo(expected.body());
      }
    }
  }
}
