package io.kubekv.e2e.jetcd;

import static io.kubekv.e2e.jetcd.Checks.bytes;
import static io.kubekv.e2e.jetcd.Checks.get;
import static io.kubekv.e2e.jetcd.Checks.refusal;
import static io.kubekv.e2e.jetcd.Checks.tell;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KV;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.DeleteResponse;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.kv.PutResponse;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.GetOption.SortOrder;
import io.etcd.jetcd.options.GetOption.SortTarget;
import io.etcd.jetcd.options.PutOption;

/** Put, get, delete, old revisions. */
final class Keys {
  private static final String K = Program.ROOT + "k/";

  private final KV kv;
  private final Checks checks;

  Keys(Client client, Checks checks) {
    this.kv = client.getKVClient();
    this.checks = checks;
  }

  void run() throws Exception {
    single();
    ranges();
    history();
  }

  private PutResponse put(String key, String value) throws Exception {
    return get(kv.put(bytes(K + key), bytes(value)));
  }

  private void single() throws Exception {
    ByteSequence a = bytes(K + "a");
    PutResponse first = put("a", "one");
    checks.check("put has no previous value", first.hasPrevKv(), false);
    KeyValue read = get(kv.get(a)).getKvs().getFirst();
    checks.check("get", tell(read), K + "a=one");
    checks.check(
        "revisions",
        read.getCreateRevision() == first.getHeader().getRevision()
            && read.getModRevision() == read.getCreateRevision(),
        true);
    PutResponse again = get(kv.put(a, bytes("two"), PutOption.builder().withPrevKV().build()));
    checks.check("put with the previous value", tell(again.getPrevKv()), K + "a=one");
    checks.check("version", get(kv.get(a)).getKvs().getFirst().getVersion(), 2L);
    checks.check("revisions are dense", leastStep(), 1L);
    checks.check("get of a missing key", get(kv.get(bytes(K + "none"))).getKvs().size(), 0);
    checks.check(
        "put of an empty value",
        tell(
            get(kv.put(bytes(K + "e"), ByteSequence.EMPTY).thenCompose(x -> kv.get(bytes(K + "e"))))
                .getKvs()),
        K + "e");
    checks.check(
        "put of an empty key",
        refusal(() -> kv.put(ByteSequence.EMPTY, bytes("x"))),
        "INVALID_ARGUMENT etcdserver: key is not provided");
    checks.check(
        "put of an unknown lease",
        refusal(() -> kv.put(a, bytes("x"), PutOption.builder().withLeaseId(77).build())),
        "NOT_FOUND etcdserver: requested lease not found");
    DeleteResponse deleted = get(kv.delete(a, DeleteOption.builder().withPrevKV(true).build()));
    checks.check(
        "delete", deleted.getDeleted() + " " + tell(deleted.getPrevKvs()), "1 " + K + "a=two");
    checks.check("delete of a missing key", get(kv.delete(a)).getDeleted(), 0L);
    put("a", "new");
    checks.check("version begins again", get(kv.get(a)).getKvs().getFirst().getVersion(), 1L);
    get(kv.delete(a));
    get(kv.delete(bytes(K + "e")));
  }

  private String list(GetOption.Builder options) throws Exception {
    return tell(get(kv.get(bytes(K), options.withPrefix(bytes(K)).build())).getKvs())
        .replace(K, "");
  }

  /** Of five puts, since the end of another program's lease may come between two of them. */
  private long leastStep() throws Exception {
    long least = Long.MAX_VALUE;
    long last = put("dense", "0").getHeader().getRevision();
    for (int i = 1; i <= 5; i++) {
      long next = put("dense", "" + i).getHeader().getRevision();
      least = Math.min(least, next - last);
      last = next;
    }
    get(kv.delete(bytes(K + "dense")));
    return least;
  }

  private void ranges() throws Exception {
    for (int i = 1; i <= 5; i++) {
      put(Integer.toString(i), Integer.toString(6 - i));
    }
    put("3", "3b");
    checks.check("prefix", list(GetOption.builder()), "1=5 2=4 3=3b 4=2 5=1");
    checks.check(
        "descending",
        list(GetOption.builder().withSortOrder(SortOrder.DESCEND).withSortField(SortTarget.KEY)),
        "5=1 4=2 3=3b 2=4 1=5");
    checks.check(
        "by value",
        list(GetOption.builder().withSortOrder(SortOrder.ASCEND).withSortField(SortTarget.VALUE)),
        "5=1 4=2 3=3b 2=4 1=5");
    checks.check(
        "by modification",
        list(
            GetOption.builder()
                .withSortOrder(SortOrder.DESCEND)
                .withSortField(SortTarget.MOD)
                .withLimit(1)),
        "3=3b");
    checks.check(
        "by version",
        list(
            GetOption.builder()
                .withSortOrder(SortOrder.DESCEND)
                .withSortField(SortTarget.VERSION)
                .withLimit(1)),
        "3=3b");
    checks.check("keys only", list(GetOption.builder().withKeysOnly(true)), "1 2 3 4 5");
    checks.check(
        "serializable", list(GetOption.builder().withSerializable(true).withLimit(1)), "1=5");
    GetResponse page =
        get(kv.get(bytes(K), GetOption.builder().withPrefix(bytes(K)).withLimit(2).build()));
    checks.check("a page tells of more", page.isMore() + " " + page.getCount(), "true 5");
    GetResponse counted =
        get(kv.get(bytes(K), GetOption.builder().withPrefix(bytes(K)).withCountOnly(true).build()));
    checks.check("count only", counted.getCount() + " " + counted.getKvs().size(), "5 0");
    checks.check(
        "a range",
        tell(
            get(kv.get(bytes(K + "2"), GetOption.builder().withRange(bytes(K + "4")).build()))
                .getKvs()),
        K + "2=4 " + K + "3=3b");
    long modified = get(kv.get(bytes(K + "3"))).getKvs().getFirst().getModRevision();
    checks.check("modified since", list(GetOption.builder().withMinModRevision(modified)), "3=3b");
    checks.check(
        "modified before",
        list(GetOption.builder().withMaxModRevision(modified - 1)),
        "1=5 2=4 4=2 5=1");
    DeleteResponse deleted =
        get(
            kv.delete(
                bytes(K + "1"),
                DeleteOption.builder().withRange(bytes(K + "3")).withPrevKV(true).build()));
    checks.check(
        "delete of a range",
        deleted.getDeleted() + " " + tell(deleted.getPrevKvs()),
        "2 " + K + "1=5 " + K + "2=4");
    checks.check(
        "delete by prefix",
        get(kv.delete(bytes(K), DeleteOption.builder().isPrefix(true).build())).getDeleted(),
        3L);
  }

  private void history() throws Exception {
    ByteSequence h = bytes(K + "h");
    long then = put("h", "old").getHeader().getRevision();
    put("h", "new");
    checks.check(
        "get at a revision",
        tell(get(kv.get(h, GetOption.builder().withRevision(then).build())).getKvs()),
        K + "h=old");
    checks.check(
        "get at a future revision",
        refusal(() -> kv.get(h, GetOption.builder().withRevision(then + 1000).build())),
        "OUT_OF_RANGE etcdserver: mvcc: required revision is a future revision");
    get(kv.compact(then + 1));
    checks.check(
        "get at a compacted revision",
        refusal(() -> kv.get(h, GetOption.builder().withRevision(then).build())),
        "OUT_OF_RANGE etcdserver: mvcc: required revision has been compacted");
    checks.check(
        "compact again",
        refusal(() -> kv.compact(then + 1)),
        "OUT_OF_RANGE etcdserver: mvcc: required revision has been compacted");
    checks.check(
        "compact the future",
        refusal(() -> kv.compact(then + 1000)),
        "OUT_OF_RANGE etcdserver: mvcc: required revision is a future revision");
  }
}
