package io.kubekv.engine.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.Attachment;
import io.kubekv.Author;
import io.kubekv.Bytes;
import io.kubekv.DeleteRequest;
import io.kubekv.Key;
import io.kubekv.Layout;
import io.kubekv.LimitExceededException;
import io.kubekv.Limits;
import io.kubekv.Naming;
import io.kubekv.Precondition;
import io.kubekv.Prefix;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.SessionId;
import io.kubekv.SessionSpec;
import io.kubekv.UnavailableException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is counted of directories, and what that costs who makes no key. */
class DirectoriesTest {
  private static final Moment NOW = new Moment(Instant.EPOCH, LockDelay::whole);

  private Limits limits = Limits.DEFAULT;
  private State state = State.EMPTY;

  private <T> T decide(Request<T> request) {
    Decision<T> decision = new Decider(limits).decide(request, state, NOW);
    state = decision.after();
    return decision.outcome();
  }

  private void found() {
    decide(new Request.Found(1));
  }

  private static PutRequest value(String key) {
    return PutRequest.of(Key.of(key), Bytes.utf8("v"));
  }

  private Revision put(String key) {
    return ((PutOutcome.Stored) decide(new Request.Put(value(key)))).revision();
  }

  private static PutRequest numbered(String prefix) {
    return value("of nobody").withNaming(new Prefix(prefix), Naming.SEQUENCE);
  }

  private Directories.Counters at(String directory) {
    return state.directories().at(directory);
  }

  private static Directories.Counters counters(long creates, Revision changed, long children) {
    return new Directories.Counters(creates, changed, children);
  }

  @Test
  void creationsAndDeletions_areCounted() {
    found();
    Revision first = put("d/a");
    Revision made = put("d/b");
    assertThat(at("d/")).isEqualTo(counters(2, made, 2));

    decide(new Request.Delete(DeleteRequest.of(Key.of("d/a"))));

    assertThat(at("d/")).isEqualTo(counters(2, state.revision(), 1));
    assertThat(at("")).as("of d, which is implied").isEqualTo(counters(1, first, 1));
    put("a");
    assertThat(at("")).isEqualTo(counters(2, state.revision(), 2));
  }

  @Test
  void putOfAKeyThatIsThere_leavesWhatIsCountedAsItIs() {
    found();
    put("d/a");
    Directories before = state.directories();

    put("d/a");

    assertThat(state.directories()).isSameAs(before);
  }

  @Test
  void endOfASession_isCounted() {
    found();
    SessionId id = SessionId.random();
    decide(new Request.BeginSession(SessionSpec.of(id)));
    put("d/stays");
    decide(new Request.Put(value("d/a").withAttachment(new Attachment.To(id))));

    decide(new Request.EndSession(id));

    assertThat(at("d/")).isEqualTo(counters(2, state.revision(), 1));
  }

  @Test
  void directoriesWithNothingLeft_areForgotten() {
    found();
    put("d");
    put("d/e/a");
    put("/x");
    decide(new Request.DeleteRange(new Range.Tree(Key.of("d"))));
    decide(new Request.Delete(DeleteRequest.of(Key.of("/x"))));

    assertThat(state.directories().counters()).containsOnlyKeys("");
    assertThat(state.directories().bytes()).isEqualTo(200);
  }

  @Test
  void bytes_areCountedAsThoseOfKeys() {
    found();
    put("\u65e5\u672c/a");

    assertThat(state.directories().bytes()).isEqualTo(200 + 200 + 7);
  }

  @Test
  void entryFarBelow_isANodeInEachDirectoryAbove() {
    found();
    Revision made = put("d/e/a");
    assertThat(at("")).isEqualTo(counters(1, made, 1));
    assertThat(at("d/")).isEqualTo(counters(1, made, 1));
    assertThat(at("d/e/")).isEqualTo(counters(1, made, 1));
    put("d/a");
    decide(new Request.Delete(DeleteRequest.of(Key.of("d/a"))));
    assertThat(at("d/")).isEqualTo(counters(2, state.revision(), 1));
    assertThat(at("")).isEqualTo(counters(1, made, 1));

    decide(new Request.Delete(DeleteRequest.of(Key.of("d/e/a"))));

    assertThat(state.directories().counters()).containsOnlyKeys("");
    assertThat(at("")).isEqualTo(counters(1, state.revision(), 0));
  }

  @Test
  void entryOfANodeThatIsImplied_comesAndGoesUncounted() {
    found();
    put("d/e/a");
    Directories implied = state.directories();

    put("d/e");
    put("d");
    assertThat(state.directories()).isSameAs(implied);
    decide(new Request.Delete(DeleteRequest.of(Key.of("d"))));
    decide(new Request.Delete(DeleteRequest.of(Key.of("d/e"))));
    assertThat(state.directories()).isSameAs(implied);

    put("d/e");
    decide(new Request.Delete(DeleteRequest.of(Key.of("d/e/a"))));
    assertThat(at("d/e/").children()).as("its own entry keeps it").isZero();
    assertThat(at("d/e/").creates()).isEqualTo(1);
    assertThat(at("d/").children()).isEqualTo(1);
  }

  @Test
  void keysThatAreNoPaths_areCountedTheSame() {
    found();
    put("/x");
    put("a//b");
    put("c/");
    assertThat(at("").children()).as("a and c").isEqualTo(2);
    assertThat(at("/").children()).isEqualTo(1);
    assertThat(at("a/").children()).as("of no name").isEqualTo(1);
    assertThat(at("a//").children()).isEqualTo(1);
    assertThat(at("c/").children()).isEqualTo(1);

    for (String key : List.of("/x", "a//b", "c/")) {
      decide(new Request.Delete(DeleteRequest.of(Key.of(key))));
    }
    assertThat(state.directories().counters()).containsOnlyKeys("");
    assertThat(at("").children()).isZero();
  }

  @Test
  void beforeTheFeature_nothingIsCounted_andThenWhatIsThere() {
    state = state.with(new Change.Founded(5), new Revision(1), Author.NONE, event -> {});
    put("d/a");
    Revision last = put("d/b");
    decide(new Request.Delete(DeleteRequest.of(Key.of("d/a"))));
    assertThat(state.directories()).isSameAs(Directories.NONE);
    assertThatThrownBy(() -> decide(new Request.Put(numbered("d/"))))
        .isInstanceOf(UnavailableException.class);

    decide(new Request.SwitchOn(EnumSet.allOf(Feature.class)));

    assertThat(at("d/")).isEqualTo(counters(1, last, 1));
    decide(new Request.Put(numbered("d/")));
    assertThat(state.get(Key.of("d/0000000001"))).isPresent();
  }

  private String made(String prefix) {
    PutOutcome outcome = decide(new Request.Put(numbered(prefix)));
    return ((PutOutcome.Stored) outcome).entry().key().text();
  }

  @Test
  void number_isBehindThoseThatAreThere_whateverIsBetween() {
    found();
    for (String there : List.of("0000000007", "0000000005", "0000000008x", "0000000009/a")) {
      put("d/n" + there);
    }
    for (int i = 0; i < 1_000; i++) {
      put("d/n2-" + i);
      put("d/n1" + (char) ('a' + i));
    }
    put("d/n9999999999");
    put("d/n+");

    Directories.Counters before = at("d/");
    assertThat(made("d/n")).isEqualTo("d/n%010d".formatted(before.creates()));
    countTo(3);
    put("d/n0000000007");
    put("d/n0000000008x");
    put("d/n0000000009/a");
    put("d/n2-1");
    put("d/n1a");
    assertThat(made("d/n")).isEqualTo("d/n0000000008");
    assertThat(made("d/n")).isEqualTo("d/n0000000009");
    assertThat(made("d/m")).isEqualTo("d/m%010d".formatted(at("d/").creates() - 1));
  }

  @Test
  void impliedNode_isPassedOver_whateverElseBeginsAlike() {
    found();
    put("d/n0000000007/x");
    put("d/n0000000007abc");
    put("d/n0000000007-c");
    PutRequest node =
        numbered("d/n").withLayout(Layout.NODES).withPrecondition(Precondition.ABSENT);

    PutOutcome outcome = decide(new Request.Put(node));

    assertThat(((PutOutcome.Stored) outcome).entry().key().text()).isEqualTo("d/n0000000008");
  }

  @Test
  void highestNumber_isBehindNobody() {
    countTo(3);
    put("d/n2147483647");

    assertThat(made("d/n")).isEqualTo("d/n0000000004");
  }

  @Test
  void nameThatIsThere_isNeverPutAgain() {
    countTo(1L << 31);
    put("d/n-2147483647");

    PutOutcome refused = decide(new Request.Put(numbered("d/n")));

    assertThat(((Refused) refused).reason()).isEqualTo(Refused.Reason.EXISTS);
  }

  private void countTo(long creates) {
    State.Restored restored = new State.Restored();
    restored.addFeature(Feature.DIRECTORY_COUNTERS.text(), "0.1");
    restored.addDirectory("d/", counters(creates, new Revision(3), 0));
    state = restored.state(1, new Revision(7), new Revision(1), 0);
  }

  @Test
  void numbersBeyondAnInt_areShownAsZooKeeperShowsThem() {
    countTo(Integer.MAX_VALUE);
    decide(new Request.Put(numbered("d/n")));
    decide(new Request.Put(numbered("d/n")));
    decide(new Request.Put(numbered("d/n")));

    assertThat(state.contents().entries().keySet())
        .extracting(Key::text)
        .containsExactly("d/n-2147483647", "d/n-2147483648", "d/n2147483647");
  }

  @Test
  void nameThatIsLongerThanItsPlace_isHeldToTheLimit() {
    countTo(1L << 31);
    limits = new Limits(12, limits.maxValueBytes(), limits.maxDepth(), limits.maxEntries());

    assertThatThrownBy(() -> decide(new Request.Put(numbered("d/"))))
        .isInstanceOf(LimitExceededException.class);
  }
}
