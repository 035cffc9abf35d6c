package io.kubekv.etcdv2;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.engine.EngineStore;
import io.kubekv.transport.http.RawHttp;
import io.kubekv.transport.http.RawHttp.Answer;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The member list of several replicas. */
class MembersTest {
  private static final EtcdMember LEADER =
      new EtcdMember(0xa1, "one", List.of("http://one:2379"), false, true);
  private static final EtcdMember SELF =
      new EtcdMember(0xb2, "two", List.of("http://two:2379", "http://2:2379"), true, false);

  private final EngineStore store = EngineStore.inMemory();
  private volatile List<EtcdMember> members = List.of(LEADER, SELF);
  private final DoorUnderTest door = new DoorUnderTest(store, () -> members);

  @AfterEach
  void close() {
    door.close();
    store.close();
  }

  @Test
  void members_areAllListedWithWhatTheyAdvertise() throws IOException {
    assertThat(get("/v2/members").body())
        .isEqualTo(
            """
            {"members":[{"id":"a1","name":"one","peerURLs":[],"clientURLs":["http://one:2379"]},\
            {"id":"b2","name":"two","peerURLs":[],"clientURLs":["http://two:2379","http://2:2379"]}]}
            """);
    assertThat(get("/v2/machines").body())
        .isEqualTo("http://one:2379, http://two:2379, http://2:2379");
  }

  @Test
  void leader_isTheReplicaThatHoldsTheLease() throws IOException {
    assertThat(get("/v2/members/leader").body())
        .isEqualTo(
            """
            {"id":"a1","name":"one","peerURLs":[],"clientURLs":["http://one:2379"]}
            """);
    assertThat(get("/v2/stats/self").body())
        .contains("\"id\":\"b2\",\"state\":\"StateFollower\"")
        .contains("\"leaderInfo\":{\"leader\":\"a1\"");
  }

  @Test
  void leader_whileNobodyHoldsTheLease_isNone() throws IOException {
    members = List.of(SELF);

    Answer answer = get("/v2/members/leader");

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.body()).isEqualTo("{\"message\":\"During election\"}");
  }

  @Test
  void memberWithoutUrl_isTheOneThatItsClientCameBy_andNoOther() throws IOException {
    members =
        List.of(
            new EtcdMember(1, "self", List.of(), true, true),
            new EtcdMember(2, "other", List.of(), false, false));

    assertThat(get("/v2/members").body())
        .contains("\"name\":\"self\",\"peerURLs\":[],\"clientURLs\":[\"http://store.test:2379\"]")
        .contains("\"name\":\"other\",\"peerURLs\":[],\"clientURLs\":[]");
  }

  private Answer get(String target) throws IOException {
    try (RawHttp http = door.connect()) {
      return http.request("GET", target, "").answer();
    }
  }
}
