package io.kubekv.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.kubekv.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What no engine has written is said to be so, and does no harm. */
class UndecodedTest {
  private static final String NETWORK = "{'id':'n','name':'ov','networkType':'overlay'%s}";

  private static Bytes json(String quoted) {
    return Bytes.utf8(quoted.replace('\'', '"'));
  }

  private static void assertUndecoded(Bytes network, String reason) {
    assertThatThrownBy(() -> DockerNetwork.read("n", network))
        .isInstanceOf(UndecodedException.class)
        .hasMessageContaining(reason)
        .satisfies(why -> assertThat(why.getMessage()).hasSizeLessThan(200));
  }

  @Test
  void network_ofTheLeast_isRead() throws UndecodedException {
    assertThat(DockerNetwork.read("n", json(NETWORK.formatted(""))).subnets()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "[]                            | the value is no JSON object",
        "7                             | the value is no JSON object",
        "null                          | the value is no JSON object",
        "{'id':'n'                     | no valid JSON: line 1",
        "{'id':'n'} {}                 | no valid JSON",
        "{'id':'n','id':'n'}           | no valid JSON",
        "{}                            | field id is missing",
        "{'id':'m'}                    | field id is not the id in the key",
        "{'id':5}                      | field id is no text",
        "{'id':'n','name':''}          | field name is missing",
        "{'id':'n','name':['a']}       | field name is no text",
        "{'id':'n','name':'a'}         | field networkType is missing",
        "{'id':'n','name':'a\\u001b[2J'} | field name has control characters",
        "{'id':'n','name':'a\\u202eb'} | field name has control characters"
      })
  void network_ofAnotherShape_namesWhatIsWrong(String value, String reason) {
    assertUndecoded(json(value), reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        ",'internal':'yes'                      | field internal is neither true nor false",
        ",'ipamV4Info':[]                       | field ipamV4Info is no text",
        ",'ipamV4Info':'[{'                     | field ipamV4Info is no valid JSON",
        ",'ipamV4Info':'{}'                     | field ipamV4Info is no list",
        ",'ipamV4Info':'[7]'                    | field ipamV4Info is no JSON object",
        ",'ipamV4Info':'[{}]'                   | field ipamV4Info.IPAMData is missing",
        ",'ipamV4Info':'[{},{}]','ipamV4Config':'[{}]' | another number of subnets"
      })
  void network_withAWrongField_namesIt(String more, String reason) {
    assertUndecoded(json(NETWORK.formatted(more)), reason);
  }

  @Test
  void network_withAPoolThatIsNone_namesIt() {
    String info = "[{\\\"IPAMData\\\":\\\"{\\\\\\\"Pool\\\\\\\":\\\\\\\"x\\\\\\\"}\\\"}]";
    String value = json(NETWORK.formatted(",'ipamV4Info':'@'")).toText().replace("@", info);

    assertUndecoded(Bytes.utf8(value), "field ipamV4Info.IPAMData.Pool is no address");
  }

  @Test
  void network_thatIsNoText_isNamed() {
    assertUndecoded(Bytes.copyOf(new byte[] {(byte) 0xff, 0}), "no text in UTF-8");
    assertUndecoded(Bytes.copyOf("{}".getBytes(StandardCharsets.UTF_16LE)), "no valid JSON");
  }

  @Test
  void network_thatIsHuge_isNotReadAtAll() {
    assertUndecoded(Bytes.utf8("\"" + "x".repeat(1_000_000) + "\""), "larger than");
    assertUndecoded(
        json(NETWORK.formatted(",'scope':'" + "x".repeat(300) + "'")), "longer than 255");
  }

  @Test
  void network_ofManySubnets_isNotRead() {
    String many = "{},".repeat(300) + "{}";

    assertUndecoded(
        json(NETWORK.formatted(",'ipamV4Info':'[" + many + "]'")), "more than 256 items");
  }

  @Test
  void network_nestedWithoutEnd_isNotRead() {
    assertUndecoded(json("{'a':" + "[".repeat(200_000)), "no valid JSON");
  }

  static Stream<Bytes> beginnings() {
    Bytes whole = Samples.value(new DockerKey.Network(Samples.OV));
    return IntStream.range(0, whole.size())
        .filter(length -> length % 37 == 0)
        .mapToObj(length -> Bytes.copyOf(Arrays.copyOf(whole.toArray(), length)));
  }

  @ParameterizedTest
  @MethodSource("beginnings")
  void network_cutShort_isNotRead(Bytes cut) {
    assertThat(catchThrowable(() -> DockerNetwork.read(Samples.OV, cut)))
        .isInstanceOf(UndecodedException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'subnets':7}                                    | field subnets is no list",
        "{'subnets':[{}]}                                 | field subnets.SubnetIP is missing",
        "{'subnets':[{'SubnetIP':'10.0.0.0/8','Vni':-1}]} | no number of 32 bits",
        "{'subnets':[{'SubnetIP':'10.0.0.0/8','Vni':1e30}]} | no number of 32 bits",
        "{'subnets':[{'SubnetIP':'10.0.0.0/8','Vni':16777216}]} | more than 24 bits"
      })
  void overlay_ofAnotherShape_namesWhatIsWrong(String value, String reason) {
    assertThatThrownBy(() -> OverlayNetwork.read(json(value)))
        .isInstanceOf(UndecodedException.class)
        .hasMessageContaining(reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'id':'x','name':'c'}                            | not the id in the key",
        "{'id':'e'}                                       | field name is missing",
        "{'id':'e','name':'c','ep_iface':[]}              | field ep_iface is no JSON object",
        "{'id':'e','name':'c','ep_iface':{'addr':'here'}} | field ep_iface.addr is no address",
        "{'id':'e','name':'c','myAliases':[1]}            | field myAliases is no text"
      })
  void endpoint_ofAnotherShape_namesWhatIsWrong(String value, String reason) {
    assertThatThrownBy(() -> DockerEndpoint.read("n", "e", json(value)))
        .isInstanceOf(UndecodedException.class)
        .hasMessageContaining(reason);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.1:2376, 10.0.0.2:2376, the value is not the address in the key",
    "10.0.0.1,      10.0.0.1,      no address with a port",
    "a b:1,         a b:1,         no address with a port",
    "a:70000,       a:70000,       the port is none",
    "a:0,           a:0,           the port is none"
  })
  void node_thatIsNone_isNamed(String address, String value, String reason) {
    assertThatThrownBy(() -> DockerNode.read(address, Bytes.utf8(value)))
        .isInstanceOf(UndecodedException.class)
        .hasMessageContaining(reason);
  }
}
