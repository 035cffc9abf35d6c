package io.kubekv.e2e.jetcd;

import static io.kubekv.e2e.jetcd.Checks.bytes;
import static io.kubekv.e2e.jetcd.Checks.get;
import static io.kubekv.e2e.jetcd.Checks.refusal;
import static io.kubekv.e2e.jetcd.Checks.tell;

import io.etcd.jetcd.Client;
import io.etcd.jetcd.KV;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Comparisons, both branches, nesting, and what is refused. */
final class Transactions {
  private static final String T = Program.ROOT + "t/";

  private final KV kv;
  private final Checks checks;

  Transactions(Client client, Checks checks) {
    this.kv = client.getKVClient();
    this.checks = checks;
  }

  private static Op put(String key, String value) {
    return Op.put(bytes(T + key), bytes(value), PutOption.builder().withPrevKV().build());
  }

  private static Op read(String key) {
    return Op.get(bytes(T + key), GetOption.DEFAULT);
  }

  private static Op delete(String key) {
    return Op.delete(bytes(T + key), DeleteOption.builder().withPrevKV(true).build());
  }

  private static Cmp is(String key, Cmp.Op op, CmpTarget<?> target) {
    return new Cmp(bytes(T + key), op, target);
  }

  private static String told(TxnResponse answer) {
    StringBuilder told = new StringBuilder(answer.isSucceeded() ? "then" : "else");
    answer
        .getPutResponses()
        .forEach(
            each -> told.append(each.hasPrevKv() ? " put over " + tell(each.getPrevKv()) : " put"));
    answer.getGetResponses().forEach(each -> told.append(" got ").append(tell(each.getKvs())));
    answer
        .getDeleteResponses()
        .forEach(each -> told.append(" deleted ").append(tell(each.getPrevKvs())));
    answer.getTxnResponses().forEach(each -> told.append(" (").append(told(each)).append(")"));
    return told.toString().replace(T, "");
  }

  void run() throws Exception {
    get(kv.put(bytes(T + "a"), bytes("1")));
    checks.check(
        "txn that succeeds",
        told(
            get(
                kv.txn()
                    .If(is("a", Cmp.Op.EQUAL, CmpTarget.value(bytes("1"))))
                    .Then(put("a", "2"), read("a"))
                    .Else(read("b"))
                    .commit())),
        "then put over a=1 got a=2");
    checks.check(
        "txn that fails",
        told(
            get(
                kv.txn()
                    .If(is("a", Cmp.Op.EQUAL, CmpTarget.value(bytes("1"))))
                    .Then(put("a", "3"))
                    .Else(read("a"))
                    .commit())),
        "else got a=2");
    checks.check(
        "txn on a missing key",
        told(
            get(
                kv.txn()
                    .If(
                        is("b", Cmp.Op.EQUAL, CmpTarget.version(0)),
                        is("b", Cmp.Op.EQUAL, CmpTarget.createRevision(0)))
                    .Then(put("b", "1"))
                    .commit())),
        "then put");
    KeyValue a = get(kv.get(bytes(T + "a"))).getKvs().getFirst();
    checks.check(
        "txn on revisions",
        told(
            get(
                kv.txn()
                    .If(
                        is("a", Cmp.Op.EQUAL, CmpTarget.modRevision(a.getModRevision())),
                        is("a", Cmp.Op.GREATER, CmpTarget.createRevision(1)),
                        is("a", Cmp.Op.LESS, CmpTarget.version(9)))
                    .Then(delete("a"))
                    .commit())),
        "then deleted a=2");
    checks.check(
        "txn on a value that is not there",
        told(
            get(
                kv.txn()
                    .If(is("a", Cmp.Op.NOT_EQUAL, CmpTarget.value(bytes("1"))))
                    .Then(put("a", "x"))
                    .Else(read("a"))
                    .commit())),
        "else got ");
    Op nested =
        Op.txn(
            new Cmp[] {is("b", Cmp.Op.EQUAL, CmpTarget.value(bytes("1")))},
            new Op[] {put("c", "inner")},
            new Op[] {read("b")});
    checks.check(
        "txn in a txn",
        told(get(kv.txn().Then(put("b", "2"), nested).commit())),
        "then put over b=1 (then put)");
    checks.check("an empty txn", told(get(kv.txn().commit())), "then");
    long before =
        get(kv.txn().Then(put("d", "1"), put("e", "1"), delete("b")).commit())
            .getHeader()
            .getRevision();
    checks.check(
        "all of a txn is of one revision",
        get(kv.get(bytes(T + "d"))).getKvs().getFirst().getModRevision() == before
            && get(kv.get(bytes(T + "e"))).getKvs().getFirst().getModRevision() == before,
        true);
    checks.check(
        "the same key twice",
        refusal(() -> kv.txn().Then(put("f", "1"), put("f", "2")).commit()),
        "INVALID_ARGUMENT etcdserver: duplicate key given in txn request");
    Op[] many = IntStream.range(0, 129).mapToObj(i -> put("many/" + i, "x")).toArray(Op[]::new);
    checks.check(
        "129 operations",
        refusal(() -> kv.txn().Then(many).commit()),
        "INVALID_ARGUMENT etcdserver: too many operations in txn request");
    checks.check(
        "128 operations",
        get(kv.txn().Then(Arrays.copyOf(many, 128)).commit()).getPutResponses().size(),
        128);
    Op unknown = Op.put(bytes(T + "g"), bytes("x"), PutOption.builder().withLeaseId(77).build());
    checks.check(
        "an unknown lease",
        refusal(() -> kv.txn().Then(put("h", "1"), unknown).commit()),
        "NOT_FOUND etcdserver: requested lease not found");
    checks.check("of which nothing was done", get(kv.get(bytes(T + "h"))).getCount(), 0L);
  }
}
