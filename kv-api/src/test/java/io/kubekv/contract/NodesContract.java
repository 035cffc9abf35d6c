package io.kubekv.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Attachment;
import io.kubekv.Await;
import io.kubekv.Cause;
import io.kubekv.DeleteRequest;
import io.kubekv.DirectoryLookup;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.Kind;
import io.kubekv.Layout;
import io.kubekv.Naming;
import io.kubekv.Precondition;
import io.kubekv.Prefix;
import io.kubekv.PutMode;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Refused.Reason;
import io.kubekv.SessionId;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionResult;
import io.kubekv.WatchRequest;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Promise 3: a tree of nodes, as ZooKeeper has it. */
abstract class NodesContract extends TransactionGroup {
  NodesContract(Function<StoreSpec, StoreHarness> opener) {
    super(opener);
  }

  private static PutRequest node(String key) {
    return value(key, "node").withLayout(Layout.NODES).withPrecondition(Precondition.ABSENT);
  }

  private static PutRequest set(String key, Precondition precondition) {
    return value(key, "set").withLayout(Layout.NODES).withPrecondition(precondition);
  }

  private static DeleteRequest nodeRemoval(String key) {
    return removal(key).asNode();
  }

  private static Precondition version(long version) {
    return new Precondition.VersionIs(version);
  }

  private static TransactionOperation checkNode(String key, Precondition precondition) {
    return new TransactionOperation.Check(Key.of(key), precondition, Layout.NODES);
  }

  private static TransactionOperation counting(String directory) {
    return new TransactionOperation.Directory(new Prefix(directory));
  }

  @Test
  void node_needsTheOneAboveIt() {
    assertThat(refused(node("a/b"), Reason.NO_PARENT).entry()).isEmpty();
    refused(set("a/b", Precondition.NONE), Reason.NO_PARENT);
    assertThat(get("a/b")).isEmpty();

    Entry top = stored(node("a")).entry();
    Entry below = stored(node("a/b")).entry();

    assertThat(top.kind()).isEqualTo(Kind.VALUE);
    assertThat(get("a/b")).contains(below);
    assertThat(get("a")).as("a node with a value has others below it").contains(top);
    stored(set("a/b", Precondition.NONE));
    stored(node("a/c").withPrecondition(Precondition.NONE));
  }

  @Test
  void node_thatIsThere_isNotMadeAgain() {
    Entry there = stored(node("a")).entry();

    assertThat(refused(node("a"), Reason.EXISTS).entry()).contains(there);
  }

  @Test
  void node_isImpliedByKeysBelowIt() {
    put("a/b/c", "1");

    assertThat(refused(node("a"), Reason.EXISTS).entry()).isEmpty();
    assertThat(refused(node("a/b"), Reason.EXISTS).entry()).isEmpty();
    stored(node("a/b/d"));
    refused(set("a/x", Precondition.PRESENT), Reason.MISSING);
    deleted(removal("a/b/c"));
    deleted(removal("a/b/d"));

    stored(node("a"));
  }

  /** Who has seen an implied node and changes it is not overtaken by another who has. */
  @Test
  void impliedNode_thatIsPut_hasAVersionMore() {
    put("a/b", "1");
    refused(set("a", version(2)), Reason.CHANGED);

    PutOutcome.Stored made = stored(set("a", version(1)));

    assertThat(made.previous()).isEmpty();
    assertThat(made.entry().version()).isEqualTo(2);
    assertThat(made.entry().createRevision()).isEqualTo(made.revision());
    refused(set("a", version(1)), Reason.CHANGED);
    put("c/d", "1");
    assertThat(stored(set("c", Precondition.PRESENT)).entry().version()).isEqualTo(2);
    put("e/f", "1");
    assertThat(stored(set("e", Precondition.NONE)).entry().version()).isEqualTo(2);
    refused(set("e/x", version(1)), Reason.MISSING);
  }

  @Test
  void version_isCompared() {
    put("a", "1");
    Entry second = put("a", "2");

    assertThat(refused(value("a", "3").withPrecondition(version(1)), Reason.CHANGED).entry())
        .contains(second);
    refused(value("none", "3").withPrecondition(version(1)), Reason.MISSING);
    refused(removal("a").withPrecondition(version(1)), Reason.CHANGED);
    assertThat(stored(value("a", "3").withPrecondition(version(2))).entry().version()).isEqualTo(3);
    committed(check("a", version(3)));
    failure(rolledBack(check("a", version(2))), 0);

    deleted(removal("a").withPrecondition(version(3)));

    assertThat(get("a")).isEmpty();
  }

  @Test
  void causes_tellThatAVersionWasCompared() throws InterruptedException {
    put("a", "1");
    Changes changes = watch(WatchRequest.fromNow(exact("a")));

    stored(set("a", version(1)));
    deleted(nodeRemoval("a").withPrecondition(version(2)));

    assertThat(changes.nextPut().cause()).isEqualTo(Cause.COMPARE_AND_SWAP);
    assertThat(changes.nextDelete().cause()).isEqualTo(Cause.COMPARE_AND_DELETE);
  }

  @Test
  void nodeThatEndsWithASession_hasNoneBelowIt() {
    SessionId session = session();
    Entry above = stored(node("a").withAttachment(new Attachment.To(session))).entry();

    assertThat(refused(node("a/b"), Reason.EPHEMERAL_PARENT).entry()).contains(above);
    put("a/c", "of somebody who knows no nodes");

    stored(set("a/c", Precondition.NONE));
    refused(node("a/b"), Reason.EPHEMERAL_PARENT);
    refused(node("a/b").withNaming(new Prefix("a/n"), Naming.SEQUENCE), Reason.EPHEMERAL_PARENT);
  }

  @Test
  void node_isDeletedWhenNothingIsBelowIt() {
    stored(node("a"));
    Entry below = stored(node("a/b")).entry();
    put("c/d", "1");

    refused(nodeRemoval("a"), Reason.NOT_EMPTY);
    refused(nodeRemoval("a").withPrecondition(version(7)), Reason.CHANGED);
    assertThat(refused(nodeRemoval("c"), Reason.NOT_EMPTY).entry()).isEmpty();
    refused(nodeRemoval("c").withPrecondition(version(1)), Reason.NOT_EMPTY);
    refused(nodeRemoval("c").withPrecondition(version(2)), Reason.CHANGED);
    refused(nodeRemoval("none"), Reason.MISSING);

    assertThat(deleted(nodeRemoval("a/b")).previous()).isEqualTo(below);
    deleted(nodeRemoval("a"));

    assertThat(get("a")).isEmpty();
  }

  @Test
  void directoryOfEtcd_becomesAValueWhenItIsPut() {
    stored(treeValue("d/below", "1"));

    Entry entry = stored(set("d", Precondition.PRESENT)).entry();

    assertThat(entry.kind()).isEqualTo(Kind.VALUE);
    assertThat(entry.value().toText()).isEqualTo("set");
    assertThat(text("d/below")).contains("1");
  }

  @Test
  void check_ofANode_holdsOfAnImpliedOne() {
    put("a/b", "1");

    committed(checkNode("a", Precondition.PRESENT), checkNode("a", version(1)));
    failure(rolledBack(checkNode("a", version(2))), 0);
    failure(rolledBack(checkNode("a", Precondition.ABSENT)), 0);
    failure(rolledBack(checkNode("c", version(1))), 0);
    failure(rolledBack(check("a", Precondition.PRESENT)), 0);
    TransactionResult found = committed(checkNode("a/b", version(1))).results().getFirst();
    assertThat(found(found)).isEqualTo(get("a/b"));
  }

  @Test
  void nodes_ofATransaction_seeEachOther() {
    committed(
        putting(node("a")),
        putting(node("a/b")),
        checkNode("a/b", version(1)),
        new TransactionOperation.Delete(nodeRemoval("a/b")),
        new TransactionOperation.Delete(nodeRemoval("a")));

    assertThat(get("a")).isEmpty();
    assertThat(
            failure(rolledBack(putting(node("c")), putting(node("d/e")), putting(node("c/f"))), 1)
                .reason())
        .isEqualTo(Reason.NO_PARENT);
  }

  @Test
  void directory_isReadAtOneRevisionWithItsEntry() {
    stored(node("a"));
    stored(node("a/b"));
    stored(node("a/c"));
    deleted(nodeRemoval("a/b"));

    List<TransactionResult> results = committed(get(Key.of("a")), counting("a/")).results();

    assertThat(found(results.getFirst())).isEqualTo(get("a"));
    assertThat(results.get(1)).isEqualTo(new DirectoryLookup(2, 1, revision(), revision()));
    TransactionResult within =
        committed(putting(node("a/d")), counting("a/"), deleting("a/d")).results().get(1);
    assertThat(within).isEqualTo(new DirectoryLookup(3, 2, revision(), revision()));
  }

  @Test
  void number_ofANode_passesOverThoseThatAreImplied() {
    stored(node("q"));
    PutRequest numbered = node("x").withNaming(new Prefix("q/n"), Naming.SEQUENCE);
    assertThat(stored(numbered).entry().key().text()).isEqualTo("q/n0000000000");
    put("q/n0000000004/below", "1");
    put("q/n0000000003", "1");

    assertThat(stored(numbered).entry().key().text()).isEqualTo("q/n0000000005");
    refused(node("x").withNaming(new Prefix("none/n"), Naming.SEQUENCE), Reason.NO_PARENT);
  }

  @Test
  void node_thatIsReplaced_isTheSameNode() {
    stored(node("a"));
    DirectoryLookup before = top();

    Entry entry = stored(set("a", version(1)).withMode(PutMode.REPLACE)).entry();

    assertThat(entry.version()).isEqualTo(2);
    assertThat(top().creates()).isEqualTo(before.creates());
    assertThat(get("a")).isEqualTo(Optional.of(entry));
  }

  @Test
  void versionThatWasSeen_isNotSeenAgain_whileTheKeyHasAnEntry() {
    put("a", "1");

    stored(value("a", "2").withMode(PutMode.REPLACE).withPrecondition(version(1)));

    refused(value("a", "3").withPrecondition(version(1)), Reason.CHANGED);
    assertThat(stored(value("a", "4").withMode(PutMode.REPLACE)).entry().version()).isEqualTo(3);
  }

  private DirectoryLookup top() {
    return Await.read(store().directory(new Prefix(""), Freshness.LINEARIZABLE));
  }
}
