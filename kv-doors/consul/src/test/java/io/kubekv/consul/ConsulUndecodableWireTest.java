package io.kubekv.consul;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be decoded is refused whole, as Consul 1.5.3 was seen to do; nothing changes. */
final class ConsulUndecodableWireTest extends ConsulWire {
  private static final String BAD = "400 " + TEXT + "Failed to parse body: ";
  private static final String SET = "{'KV':{'Verb':'set','Key':'tx/new','Value':'MQ=='}}";

  @BeforeEach
  void fill() throws IOException {
    put("/v1/kv/k", "old");
  }

  private String txn(String operations) throws IOException {
    return shown(call("PUT", "/v1/txn", operations.replace('\'', '"')));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PUT /v1/kv/k?cas=%zz",
        "PUT /v1/kv/k?cas=0;x=1",
        "PUT /v1/kv/k?cas=0&%",
        "PUT /v1/kv/k?acquire=%f",
        "DELETE /v1/kv/k?cas=1;",
        "DELETE /v1/kv/k?cas=%G0",
        "DELETE /v1/kv/?recurse;cas=1",
        "GET /v1/kv/k?index=%",
        "GET /v1/kv/k?;",
        "POST /v1/kv/k?%",
        "OPTIONS /v1/kv/k?%",
        "PUT /v1/session/create?dc=%",
        "PUT /v1/txn?dc=%",
        "GET /v1/agent/self?%"
      })
  void query_thatCannotBeDecoded_isRefusedAndChangesNothing(String request) throws IOException {
    String[] parts = request.split(" ");
    assertThat(shown(call(parts[0], parts[1], parts[0].equals("PUT") ? "new" : "")))
        .isEqualTo("500 [] ");
    assertThat(entry("k")).contains("\"Value\":\"b2xk\"");
    assertThat(get("/v1/kv/?keys").body()).isEqualTo("[\"k\"]");
  }

  @Test
  void query_withEmptyPairs_isWhole() throws IOException {
    assertThat(put("/v1/kv/k?&&cas=0&&", "new")).isEqualTo("false");
    assertThat(shown(call("GET", "/?%", ""))).startsWith("200 ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "null                        | unexpected raw type: %!t(<nil>)",
        "5                           | unexpected raw type: %!t(float64=5)",
        "1e21                        | unexpected raw type: %!t(float64=1e+21)",
        "0.00001                     | unexpected raw type: %!t(float64=1e-05)",
        "-1.5e-7                     | unexpected raw type: %!t(float64=-1.5e-07)",
        "'x'                         | unexpected raw type: %!t(string=x)",
        "true                        | unexpected raw type: true",
        "{}                          | unexpected raw type: map[]",
        "{'b':[1,null,[]],'a':'x'}   | unexpected raw type: map[%!t(string=a):%!t(string=x)"
            + " %!t(string=b):[%!t(float64=1) <nil> []]]",
        "[SET,null]                  | unexpected raw op type: <nil>",
        "[SET,5]                     | unexpected raw op type: float64",
        "[SET,'x']                   | unexpected raw op type: string",
        "[true,SET]                  | unexpected raw op type: bool",
        "[[],SET]                    | unexpected raw op type: []interface {}",
        "[SET,{'KV':5}]              | unexpected raw KV type: float64",
        "[SET,{'KV':[]}]             | unexpected raw KV type: []interface {}",
        "[SET,{'kv':'x'}]            | unexpected raw KV type: string",
        "[SET,{'KV':{'Value':5}}]    | unexpected value type: float64",
        "[SET,{'KV':{'Value':{}}}]   | unexpected value type: map[string]interface {}",
        "[SET,{'KV':{'Value':'MQ'}}] | failed to decode value: illegal base64 data at input byte 0",
        "[{'KV':{'Value':'MTIzNA'}}] | failed to decode value: illegal base64 data at input byte 4",
        "[{'KV':{'Value':'MQ='}}]    | failed to decode value: illegal base64 data at input byte 3",
        "[{'KV':{'Value':'MQ=x'}}]   | failed to decode value: illegal base64 data at input byte 2",
        "[{'KV':{'Value':'M==='}}]   | failed to decode value: illegal base64 data at input byte 1",
        "[{'KV':{'Value':'MTI=='}}]  | failed to decode value: illegal base64 data at input byte 4",
        "[{'KV':{'Value':'MQ==x'}}]  | failed to decode value: illegal base64 data at input byte 4",
        "[{'KV':{'Value':'MTIz-_'}}] | failed to decode value: illegal base64 data at input byte 4",
      })
  void operation_thatIsNone_isRefusedAndNothingIsDone(String body, String why) throws IOException {
    assertThat(txn(body.replace("SET", SET))).isEqualTo(BAD + why);
    assertThat(get("/v1/kv/?keys").body()).isEqualTo("[\"k\"]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'KV':{'Verb':1}}      | '[1].KV.Verb' expected type 'api.KVOp', got unconvertible type"
            + " 'float64'",
        "{'KV':{'Key':true}}    | '[1].KV.Key' expected type 'string', got unconvertible type"
            + " 'bool'",
        "{'KV':{'Session':[]}}  | '[1].KV.Session' expected type 'string', got unconvertible type"
            + " '[]interface {}'",
        "{'KV':{'Flags':'1'}}   | '[1].KV.Flags' expected type 'uint64', got unconvertible type"
            + " 'string'",
        "{'KV':{'index':{}}}    | '[1].KV.Index' expected type 'uint64', got unconvertible type"
            + " 'map[string]interface {}'",
        "{'KV':{'Index':-1}}    | cannot parse '[1].KV.Index', -1.000000 overflows uint",
        "{'KV':{'Index':-0.5}}  | cannot parse '[1].KV.Index', -0.500000 overflows uint",
        "{'KV':{'Index':1e30}}  | cannot parse '[1].KV.Index',"
            + " 1000000000000000019884624838656.000000 overflows uint",
        "{'KV':{'Index':18446744073709551616}} | cannot parse '[1].KV.Index',"
            + " 18446744073709551616.000000 overflows uint",
        "{'Service':5}          | '[1].Service' expected a map, got 'float64'",
        "{'Node':'x'}           | '[1].Node' expected a map, got 'string'",
        "{'check':[]}           | '[1].Check' expected a map, got 'slice'",
        "{'Service':5,'KV':{}}  | '[1].Service' expected a map, got 'float64'",
      })
  void field_ofAnotherType_isRefusedAndNothingIsDone(String operation, String why)
      throws IOException {
    assertThat(txn("[" + SET + "," + operation + "]"))
        .isEqualTo(BAD + "1 error(s) decoding:\n\n* " + why);
    assertThat(get("/v1/kv/?keys").body()).isEqualTo("[\"k\"]");
  }

  @Test
  void number_thatIsTooLargeForOne_isRefused() throws IOException {
    assertThat(txn("[{'KV':{'Verb':'set','Key':'n','Index':1e400}}]")).startsWith(BAD);
    assertThat(get("/v1/kv/?keys").body()).isEqualTo("[\"k\"]");
  }

  @Test
  void operations_ofNodesServicesAndChecks_areRefusedByNameWithAllThatStandsBesideThem()
      throws IOException {
    assertThat(txn("[" + SET + ",{'Service':{'Verb':'cas','Node':'n','Service':{'ID':'x'}}}]"))
        .startsWith("400 " + TEXT + "operation 1 (Service cas) is refused: ");
    assertThat(txn("[{'Node':{'Verb':'get','Node':{'Node':'n'}}}," + SET + "]"))
        .startsWith("400 " + TEXT + "operation 0 (Node get) is refused: ");
    assertThat(txn("[" + SET + ",{'check':{'Verb':'\\n'}}]"))
        .startsWith("400 " + TEXT + "operation 1 (Check) is refused: ");
    assertThat(get("/v1/kv/?keys").body()).isEqualTo("[\"k\"]");
  }

  @Test
  void value_mayHaveLinesAndLeftOverBits_andNumbersFractions() throws IOException {
    assertThat(
            txn(
                "[{'KV':{'Verb':'set','Key':'a','Value':'M\\n"
                    + "Q=\\r"
                    + "\\n"
                    + "=','Flags':1e2,'Index':null}}]"))
        .startsWith("200 ");
    assertThat(entry("a")).contains("\"Flags\":100,\"Value\":\"MQ==\"");
    assertThat(txn("[{'KV':{'Verb':'set','Key':'a','Value':'MR==','Flags':1.9}}]"))
        .startsWith("200 ");
    assertThat(entry("a")).contains("\"Flags\":1,\"Value\":\"MQ==\"");
  }

  @Test
  void elements_thatNameNoOperation_areNotCounted() throws IOException {
    assertThat(txn("[{},{'foo':1},{'Service':null},{'KV':{'Verb':'get','Key':'none'}}]"))
        .contains("\"OpIndex\":0");
    assertThat(txn("[{'KV':null}]")).contains("{\"Results\":[],\"Errors\":null");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cached&consistent | Cannot specify ?cached with ?consistent, conflicting semantics.",
        "cached&stale&consistent | Cannot specify ?stale with ?consistent, conflicting semantics.",
        "max_stale=5s&consistent | Cannot specify ?stale with ?consistent, conflicting semantics.",
        "max_stale=x | Invalid max_stale value \"x\"",
      })
  void reads_thatContradictThemselves_areRefused(String query, String why) throws IOException {
    assertThat(shown(get("/v1/kv/k?" + query))).isEqualTo("400 " + TEXT + why);
  }

  @Test
  void session_withChecksThatAreNull_hasNone() throws IOException {
    String id = session("{\"Checks\":null}");
    assertThat(get("/v1/session/info/" + id).body()).contains("\"Checks\":null");
    assertThat(put("/v1/session/create", "{\"Checks\":[5],\"Behavior\":5,\"LockDelay\":[]}"))
        .isEqualTo(
            "Request decode failed: 3 error(s) decoding:\n\n"
                + "* 'Behavior' expected type 'structs.SessionBehavior', got unconvertible type"
                + " 'float64'\n"
                + "* 'Checks[0]' expected type 'types.CheckID', got unconvertible type 'float64'\n"
                + "* 'LockDelay' expected type 'time.Duration', got unconvertible type"
                + " '[]interface {}'");
  }
}
