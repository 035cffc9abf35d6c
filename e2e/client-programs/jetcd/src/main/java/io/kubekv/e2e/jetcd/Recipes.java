package io.kubekv.e2e.jetcd;

import static io.kubekv.e2e.jetcd.Checks.bytes;
import static io.kubekv.e2e.jetcd.Checks.get;
import static io.kubekv.e2e.jetcd.Checks.next;
import static io.kubekv.e2e.jetcd.Checks.refusal;
import static io.kubekv.e2e.jetcd.Checks.text;
import static io.kubekv.e2e.jetcd.Checks.waits;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.Election;
import io.etcd.jetcd.Lock;
import io.etcd.jetcd.election.CampaignResponse;
import io.etcd.jetcd.election.LeaderKey;
import io.etcd.jetcd.election.LeaderResponse;
import io.etcd.jetcd.lock.LockResponse;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/** The server's locks and elections. */
final class Recipes {
  private final Client client;
  private final Checks checks;

  Recipes(Client client, Checks checks) {
    this.client = client;
    this.checks = checks;
  }

  private long lease() throws Exception {
    return get(client.getLeaseClient().grant(60)).getID();
  }

  void run() throws Exception {
    locks();
    elections();
  }

  private void locks() throws Exception {
    Lock locks = client.getLockClient();
    String name = Program.ROOT + "lock";
    long first = lease();
    long second = lease();
    ByteSequence key = get(locks.lock(bytes(name), first)).getKey();
    checks.check("a lock's key", text(key).equals(name + "/" + Long.toHexString(first)), true);
    checks.check(
        "the same lease has it again",
        text(get(locks.lock(bytes(name), first)).getKey()).equals(text(key)),
        true);
    CompletableFuture<LockResponse> waiting = locks.lock(bytes(name), second);
    checks.check("another waits", waits(waiting), true);
    get(locks.unlock(key));
    checks.check(
        "and has it afterwards",
        text(get(waiting).getKey()).equals(name + "/" + Long.toHexString(second)),
        true);
    CompletableFuture<LockResponse> third = locks.lock(bytes(name), lease());
    checks.check("a third waits", waits(third), true);
    get(client.getLeaseClient().revoke(second));
    checks.check(
        "and has it when the lease ends", text(get(third).getKey()).startsWith(name + "/"), true);
    get(locks.unlock(get(third).getKey()));
    checks.check(
        "a lock of an unknown lease",
        refusal(() -> locks.lock(bytes(name), 77)),
        "UNKNOWN etcdserver: requested lease not found");
  }

  private void elections() throws Exception {
    Election elections = client.getElectionClient();
    ByteSequence name = bytes(Program.ROOT + "election");
    checks.check(
        "no leader",
        refusal(() -> elections.leader(name)),
        "io.etcd.jetcd.election.NoLeaderException");
    BlockingQueue<String> leaders = new LinkedBlockingQueue<>();
    elections.observe(name, new Leaders(leaders));
    long first = lease();
    CampaignResponse won = get(elections.campaign(name, first, bytes("one")));
    LeaderKey key = won.getLeader();
    checks.check(
        "a leader's key",
        text(key.getKey()).equals(text(name) + "/" + Long.toHexString(first))
            && key.getLease() == first,
        true);
    checks.check("observe", next(leaders), "one");
    checks.check("leader", text(get(elections.leader(name)).getKv().getValue()), "one");
    get(elections.proclaim(key, bytes("uno")));
    checks.check("proclaim is seen", next(leaders), "uno");
    CompletableFuture<CampaignResponse> waiting = elections.campaign(name, lease(), bytes("two"));
    checks.check("a candidate waits", waits(waiting), true);
    get(elections.resign(key));
    checks.check("and leads afterwards", text(get(waiting).getLeader().getName()), text(name));
    checks.check("which is seen", next(leaders), "two");
    checks.check(
        "proclaim of who leads no more",
        refusal(() -> elections.proclaim(key, bytes("late"))),
        "io.etcd.jetcd.election.NotLeaderException");
    get(elections.resign(get(waiting).getLeader()));
  }

  private record Leaders(BlockingQueue<String> seen) implements Election.Listener {
    @Override
    public void onNext(LeaderResponse leader) {
      seen.add(text(leader.getKv().getValue()));
    }

    @Override
    public void onError(Throwable thrown) {}

    @Override
    public void onCompleted() {}
  }
}
