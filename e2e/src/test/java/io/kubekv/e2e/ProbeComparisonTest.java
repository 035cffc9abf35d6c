package io.kubekv.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ProbeComparisonTest {
  private static final String ONE = "6e10a421-eccf-c4d1-3a4c-1b4b351c8bdc";
  private static final String TWO = "0a61d08c-2f3b-4d5e-8f70-8192a3b4c5d6";

  private final SequencedMap<String, ProbeAnswer> consul = new LinkedHashMap<>();
  private final SequencedMap<String, ProbeAnswer> other = new LinkedHashMap<>();

  private static ProbeAnswer answer(int status, String body, String... headers) {
    SortedMap<String, String> all = new TreeMap<>();
    all.put("content-length", Integer.toString(body.length()));
    for (int at = 0; at < headers.length; at += 2) {
      all.put(headers[at], headers[at + 1]);
    }
    return new ProbeAnswer(status, all, body, "", 0);
  }

  private static ProbeAnswer entry(long header, long created, long modified) {
    String body =
        "[{\"LockIndex\":0,\"Key\":\"a\",\"CreateIndex\":%d,\"ModifyIndex\":%d}]"
            .formatted(created, modified);
    return answer(200, body, "x-consul-index", Long.toString(header));
  }

  private void both(String id, ProbeAnswer expected, ProbeAnswer found) {
    consul.put(id, expected);
    other.put(id, found);
  }

  private Map<String, List<String>> differences() {
    Map<String, List<String>> aspects = new LinkedHashMap<>();
    ProbeComparison.of(consul, other)
        .forEach(found -> aspects.put(found.id(), List.copyOf(found.aspects().keySet())));
    return aspects;
  }

  @Test
  void of_answersThatDifferOnlyInDateIndexAndId_isEmpty() {
    both("a", answer(200, "true", "date", "today"), answer(200, "true", "date", "tomorrow"));
    both("b", entry(7, 7, 7), entry(1200, 1200, 1200));
    both("c", answer(200, "{\"ID\":\"" + ONE + "\"}"), answer(200, "{\"ID\":\"" + TWO + "\"}"));

    assertThat(differences()).isEmpty();
  }

  @Test
  void of_statusBodyAndHeader_areSeenEachByItself() {
    both("status", answer(200, "true"), answer(201, "true"));
    both("body", answer(200, "true"), answer(200, "true\n"));
    both("value", answer(200, "", "vary", "Accept-Encoding"), answer(200, "", "vary", "*"));
    both("missing", answer(200, "", "vary", "Accept-Encoding"), answer(200, ""));
    both("further", answer(200, ""), answer(200, "", "server", "kubekv"));
    consul.put("unanswered", answer(200, "true"));

    assertThat(differences())
        .containsEntry("status", List.of("status"))
        .containsEntry("body", List.of("body"))
        .containsEntry("value", List.of("header:vary"))
        .containsEntry("missing", List.of("header:vary"))
        .containsEntry("further", List.of("header:server"))
        .containsEntry("unanswered", List.of("body", "header:content-length", "status"));
  }

  @Test
  void of_lockIndexAndFlags_areComparedAsTheyAre() {
    both("lock", answer(200, "{\"LockIndex\":1}"), answer(200, "{\"LockIndex\":2}"));

    assertThat(differences()).containsEntry("lock", List.of("body"));
  }

  @Test
  void of_equalIndexesThatDoNotStayEqual_isSeen() {
    both("put", entry(7, 7, 7), entry(100, 100, 100));
    both("put again", entry(9, 7, 9), entry(120, 120, 120));

    assertThat(differences()).containsEntry("put again", List.of("indexes"));
  }

  @Test
  void of_longBodies_saysWhereTheyDiffer() {
    both("long", answer(200, "x".repeat(400) + "yes"), answer(200, "x".repeat(400) + "no"));

    assertThat(ProbeComparison.of(consul, other).getFirst().aspects())
        .containsEntry("body", "from 400: yes, not no");
  }

  @Test
  void of_indexes_saysWhichOneStoodForWhich() {
    both("put", entry(7, 7, 7), entry(100, 100, 100));
    both("get", entry(7, 7, 7), entry(101, 100, 100));

    assertThat(ProbeComparison.of(consul, other).getFirst().aspects())
        .containsEntry("header:x-consul-index", "7 beside 101, where 100 has stood for it");
  }

  @Test
  void of_headerThatIsNotTheEntrysIndex_isSeen() {
    both("get", entry(7, 7, 7), entry(101, 100, 100));

    assertThat(differences()).containsEntry("get", List.of("header:x-consul-index"));
  }

  @Test
  void of_indexThatGoesBack_isSeen() {
    both("first", entry(7, 7, 7), entry(100, 100, 100));
    both("second", entry(9, 9, 9), entry(90, 90, 90));

    assertThat(differences()).containsKey("second");
  }

  @Test
  void of_indexZero_standsForNothingElse() {
    both("zero", entry(0, 0, 0), entry(5, 5, 5));

    assertThat(differences()).containsEntry("zero", List.of("header:x-consul-index", "indexes"));
  }

  @Test
  void of_idThatChanges_isSeen() {
    both(
        "create", answer(200, "{\"ID\":\"" + ONE + "\"}"), answer(200, "{\"ID\":\"" + TWO + "\"}"));
    both("info", answer(200, "{\"ID\":\"" + ONE + "\"}"), answer(200, "{\"ID\":\"" + ONE + "\"}"));

    assertThat(differences()).containsEntry("info", List.of("ids"));
  }

  @Test
  void of_sessionsInTheOrderOfTheirIds_areComparedByTheirCreation() {
    String session = "{\"ID\":\"%s\",\"Name\":\"%s\",\"CreateIndex\":%d,\"ModifyIndex\":%d}";
    String x = session.formatted(ONE, "x", 1, 1);
    String y = session.formatted(TWO, "y", 2, 2);
    both("list", answer(200, "[" + x + "," + y + "]"), answer(200, "[" + y + "," + x + "]"));

    assertThat(differences()).isEmpty();
  }

  @Test
  void of_aTimeOutsideItsWindow_isSeen() {
    both("wait", answer(200, "").timed("in time", 1010), answer(200, "").timed("too early", 3));

    assertThat(differences()).containsEntry("wait", List.of("time"));
  }

  @Test
  void expects_onlyWhatIsListed() {
    KnownDifferences known =
        KnownDifferences.parse(List.of("because it is older", "  key.* status", "  x body time"));
    both("key.a", answer(200, "a"), answer(404, "a"));
    both("key.b", answer(200, "a"), answer(404, "b"));
    both("x", answer(200, "a"), answer(200, "b"));

    List<ProbeDifference> found = ProbeComparison.of(consul, other);

    assertThat(found)
        .filteredOn(known::expects)
        .extracting(ProbeDifference::id)
        .containsExactly("key.a", "x");
    assertThat(known.reasons()).containsExactly("it is older");
    assertThat(known.count("it is older", found)).isEqualTo(3);
    assertThat(known.outdated(found, Set.of())).containsExactly("x time");
    assertThat(known.outdated(List.of(), Set.of("x"))).containsExactly("key.* status");
  }

  @Test
  void knownDifference_thatOnlyTheMomentDecides_neverHasToBe() {
    KnownDifferences known =
        KnownDifferences.parse(List.of("because of the time", "  key.*? status"));
    both("key.a", answer(200, "a"), answer(404, "a"));

    List<ProbeDifference> found = ProbeComparison.of(consul, other);

    assertThat(found).allMatch(known::expects);
    assertThat(known.outdated(found, Set.of())).isEmpty();
    assertThat(known.outdated(List.of(), Set.of())).isEmpty();
  }
}
