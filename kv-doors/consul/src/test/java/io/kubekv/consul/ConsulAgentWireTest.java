package io.kubekv.consul;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.transport.http.RawHttp.Answer;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What Consul says of itself. */
final class ConsulAgentWireTest extends ConsulWire {
  private static final String PLAIN = "200 [Content-Type=application/json] ";
  private static final String CATALOG =
      "200 [Content-Type=application/json XC-Effective-Consistency=leader XC-Knownleader=true"
          + " XC-Lastcontact=0] ";

  private JsonNode json(String path) throws IOException {
    return JsonMapper.shared().readTree(get(path).body());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/status/leader       | \"store.test:8300\"",
        "/v1/status/peers        | [\"store.test:8300\"]",
        "/v1/catalog/datacenters | [\"dc1\"]",
        "/v1/agent/checks        | {}",
        "/v1/agent/services      | {}"
      })
  void page_withoutIndex(String path, String body) throws IOException {
    assertThat(shown(get(path))).isEqualTo(PLAIN + body);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/catalog/services         | 1 | {\"consul\":[]}",
        "/v1/catalog/service/none     | 2 | []",
        "/v1/health/service/none      | 2 | []",
        "/v1/health/checks/none       | 2 | []",
        "/v1/health/node/nope         | 1 | []",
        "/v1/health/state/critical    | 1 | []"
      })
  void catalog_hasAnIndex(String path, long index, String body) throws IOException {
    Answer answer = get(path);
    assertThat(shown(answer)).isEqualTo(CATALOG + body);
    assertThat(index(answer)).isEqualTo(index);
  }

  @Test
  void self_hasWhatClientsRead() throws IOException {
    JsonNode self = json("/v1/agent/self");

    assertThat(self.at("/Config/Datacenter").stringValue()).isEqualTo("dc1");
    assertThat(self.at("/Config/NodeName").stringValue()).isEqualTo("kubekv");
    assertThat(self.at("/Config/Server").booleanValue()).isTrue();
    assertThat(self.at("/Config/Version").stringValue()).isEqualTo("1.5.3");
    assertThat(self.at("/Config/NodeID").stringValue()).hasSize(36);
    assertThat(self.at("/Member/Tags/role").stringValue()).isEqualTo("consul");
    assertThat(self.propertyNames())
        .containsExactly("Config", "DebugConfig", "Coord", "Member", "Stats", "Meta");
  }

  @Test
  void members_nodes_andHealth_showTheOneNode() throws IOException {
    assertThat(json("/v1/agent/members").at("/0/Name").stringValue()).isEqualTo("kubekv");
    assertThat(json("/v1/agent/members").at("/0/Status").intValue()).isEqualTo(1);
    assertThat(json("/v1/catalog/nodes").at("/0/Node").stringValue()).isEqualTo("kubekv");
    assertThat(json("/v1/catalog/nodes").at("/0/Address").stringValue()).isEqualTo("store.test");
    assertThat(json("/v1/health/node/kubekv").at("/0/CheckID").stringValue())
        .isEqualTo("serfHealth");
    assertThat(json("/v1/health/state/passing").at("/0/Status").stringValue()).isEqualTo("passing");
  }

  @Test
  void datacenter_other_isNotReached() throws IOException {
    assertThat(get("/v1/catalog/nodes?dc=zz").body()).isEqualTo("No path to datacenter");
    assertThat(get("/v1/status/leader?dc=zz").body()).isEqualTo("No path to datacenter");
  }

  @Test
  void store_notReady_hasNoLeader() throws IOException {
    store.close();

    assertThat(shown(get("/v1/status/leader"))).isEqualTo(PLAIN + "\"\"");
    assertThat(shown(get("/v1/status/peers"))).isEqualTo(PLAIN + "[]");
    assertThat(shown(get("/v1/kv/a"))).startsWith("500 " + TEXT + "No cluster leader");
    assertThat(shown(get("/v1/session/list")))
        .startsWith(
            "500 [Content-Type=text/plain; charset=utf-8 XC-Knownleader=false XC-Lastcontact=0] ");
  }

  @Test
  void node_isKnownInAnyCase() throws IOException {
    String id = session("{\"Node\":\"KubeKV\"}");

    assertThat(get("/v1/session/node/KUBEKV").body()).contains(id);
    assertThat(get("/v1/session/node/kubekv2").body()).isEqualTo("[]");
    assertThat(get("/v1/health/node/KubeKV").body()).contains("serfHealth");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/acl/list",
        "/v1/agent/service/register",
        "/v1/catalog/register",
        "/v1/connect/ca/roots",
        "/v1/coordinate/nodes",
        "/v1/event/fire/x",
        "/v1/internal/ui/nodes",
        "/v1/operator/raft/configuration",
        "/v1/query",
        "/v1/snapshot"
      })
  void path_ofConsulThatIsNotServed_saysSo(String path) throws IOException {
    assertThat(shown(get(path)))
        .startsWith("404 [Content-Type=text/plain; charset=utf-8] not served: ");
  }
}
