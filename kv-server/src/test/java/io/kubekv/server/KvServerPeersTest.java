package io.kubekv.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.server.replica.Member;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KvServerPeersTest {
  private static final Member SELF = new Member("b-1", "b", List.of("http://b:2379"), "");
  private static final Member OTHER =
      new Member("a-2", "a", List.of("http://a:2379", "https://a:2380"), "");

  @Test
  void members_areWhatTheySayOfThemselves_inTheSameOrderEverywhere() {
    Map<String, String> seen =
        Map.of("1", KvServerPeers.text(SELF), "2", KvServerPeers.text(OTHER));

    assertThat(new KvServerPeers(SELF, () -> seen).members()).containsExactly(OTHER, SELF);
    assertThat(new KvServerPeers(OTHER, () -> seen).members()).containsExactly(OTHER, SELF);
  }

  @Test
  void member_isThereItself_whateverIsSeen() {
    assertThat(new KvServerPeers(SELF, Map::of).members()).containsExactly(SELF);
  }

  @Test
  void whatIsNoMember_isPassedOver() {
    Map<String, String> seen = Map.of("1", "", "2", "{", "3", "[1]", "4", "{\"name\":\"x\"}");

    assertThat(new KvServerPeers(SELF, () -> seen).members()).containsExactly(SELF);
  }

  @Test
  void urlThatIsNone_isLeftOut() {
    String text =
        "{\"identity\":\"c-3\",\"clientUrls\":[\"http://c:1\",\"\",7,\"ftp://c\",\"http://c,http://d\",\"http://c\\n"
            + "x\"]}";

    assertThat(KvServerPeers.member(text).orElseThrow().clientUrls()).containsExactly("http://c:1");
  }
}
