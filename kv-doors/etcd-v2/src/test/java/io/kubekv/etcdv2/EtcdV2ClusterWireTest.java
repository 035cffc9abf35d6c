package io.kubekv.etcdv2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.kubekv.transport.http.RawHttp.Answer;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The paths beside the keys. */
final class EtcdV2ClusterWireTest extends EtcdV2Wire {
  @Test
  void version_namesServerAndCluster() throws IOException {
    Answer answer = call("GET", "/version");

    assertThat(answer.body())
        .matches(
            "\\{\"etcdserver\":\"\\d+\\.\\d+\\.\\d+\",\"etcdcluster\":\"\\d+\\.\\d+\\.\\d+\"}");
    assertThat(answer.header("Content-Type")).isEqualTo("application/json");
  }

  @Test
  void health_saysTrue() throws IOException {
    Answer answer = call("GET", "/health");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{\"health\":\"true\"}");
  }

  @Test
  void members_nameTheUrlThatTheClientCameBy() throws IOException {
    Answer members = call("GET", "/v2/members");

    assertThat(members.status()).isEqualTo(200);
    assertThat(members.body())
        .matches(
            "\\{\"members\":\\[\\{\"id\":\"[0-9a-f]+\",\"name\":\"\\w+\",\"peerURLs\":\\[.*],\"clientURLs\":\\[.*]}]}\n");
    assertThat(members.header("X-Etcd-Cluster-Id")).matches("[0-9a-f]{1,16}");
    assumeFalse(WireServer.isEtcd(), "etcd names what it was told to advertise");
    assertThat(members.body()).contains("\"clientURLs\":[\"http://store.test:2379\"]");
    assertThat(call("GET", "/v2/machines").body()).isEqualTo("http://store.test:2379");
  }

  @Test
  void leader_isTheMemberThatTheStatisticsName() throws IOException {
    String leader = call("GET", "/v2/members/leader").body();
    String id = leader.replaceAll("(?s).*\"id\":\"([0-9a-f]+)\".*", "$1");

    assertThat(call("GET", "/v2/stats/leader").body())
        .isEqualTo("{\"leader\":\"" + id + "\",\"followers\":{}}");
    assertThat(call("GET", "/v2/stats/self").body())
        .contains("\"id\":\"" + id + "\",\"state\":\"StateLeader\"")
        .contains("\"leaderInfo\":{\"leader\":\"" + id + "\",\"uptime\":\"");
  }

  @Test
  void storeStatistics_countOperations() throws IOException {
    assertThat(call("GET", "/v2/stats/store").body())
        .matches(
            "\\{\"getsSuccess\":\\d+,\"getsFail\":\\d+,\"setsSuccess\":[1-9]\\d*,\"setsFail\":\\d+,"
                + "\"deleteSuccess\":\\d+,\"deleteFail\":\\d+,\"updateSuccess\":\\d+,\"updateFail\":\\d+,"
                + "\"createSuccess\":\\d+,\"createFail\":\\d+,\"compareAndSwapSuccess\":\\d+,"
                + "\"compareAndSwapFail\":\\d+,\"compareAndDeleteSuccess\":\\d+,"
                + "\"compareAndDeleteFail\":\\d+,\"expireCount\":\\d+,\"watchers\":\\d+}");
  }

  @Test
  void membership_cannotBeChanged() throws IOException {
    assertThat(call("GET", "/v2/members/x").body()).isEqualTo("{\"message\":\"Not found\"}");
    assertThat(call("DELETE", "/v2/members/12").body())
        .isEqualTo("{\"message\":\"No such member: 12\"}");
    assertThat(call("DELETE", "/v2/members").status()).isEqualTo(405);
    assumeFalse(WireServer.isEtcd(), "etcd can");
    Answer added = call("POST", "/v2/members");
    assertThat(added.status()).isEqualTo(403);
    assertThat(added.body()).startsWith("{\"message\":\"membership is not managed here");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GET    | /v2/auth/enable      | 200 | {"enabled":false}
          GET    | /v2/auth/users       | 200 | {"users":null}
          GET    | /v2/auth/roles       | 200 | {"roles":[{"role":"root","permissions":{"kv":{"read":["/*"],"write":["/*"]}}}]}
          GET    | /v2/auth/roles/root  | 200 | {"role":"root","permissions":{"kv":{"read":["/*"],"write":["/*"]}}}
          GET    | /v2/auth/users/root  | 404 | {"message":"auth: User root does not exist."}
          GET    | /v2/auth/roles/guest | 404 | {"message":"auth: Role guest does not exist."}
          PUT    | /v2/auth/enable      | 409 | {"message":"auth: No root user available, please create one"}
          DELETE | /v2/auth/enable      | 409 | {"message":"auth: already disabled"}
          POST   | /v2/auth/enable      | 405 | Method Not Allowed
          POST   | /v2/auth/users       | 405 | Method Not Allowed
          POST   | /v2/machines         | 405 | Method Not Allowed
          POST   | /v2/stats/self       | 405 | Method Not Allowed
          POST   | /version             | 405 | Method Not Allowed
          POST   | /health              | 405 | Method Not Allowed
          PATCH  | /v2/members          | 405 | Method Not Allowed
          """)
  void otherPaths_answerAsEtcdDoes(String method, String target, int status, String body)
      throws IOException {
    Answer answer = call(method, target);

    assertThat(answer.body().strip()).isEqualTo(body);
    assertThat(answer.status()).isEqualTo(status);
  }
}
