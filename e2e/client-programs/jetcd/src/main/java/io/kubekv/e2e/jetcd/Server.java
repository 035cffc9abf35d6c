package io.kubekv.e2e.jetcd;

import static io.kubekv.e2e.jetcd.Checks.bytes;
import static io.kubekv.e2e.jetcd.Checks.get;
import static io.kubekv.e2e.jetcd.Checks.refusal;

import io.etcd.jetcd.Auth;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.Cluster;
import io.etcd.jetcd.Maintenance;
import io.etcd.jetcd.cluster.Member;
import io.etcd.jetcd.maintenance.StatusResponse;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.util.List;

/** Members, maintenance, users. */
final class Server {
  private static final String REPLICAS =
      "UNIMPLEMENTED kubekv: the members are kubekv's replicas: scale its Deployment (kubectl"
          + " scale, or replicas of the Helm chart)";
  private static final String RBAC =
      "FAILED_PRECONDITION kubekv: users and what they may do are Kubernetes' RBAC (kubekv's"
          + " docs/access.md)";

  private final Client client;
  private final Checks checks;
  private final String url;

  Server(Client client, Checks checks, String url) {
    this.client = client;
    this.checks = checks;
    this.url = url;
  }

  void run() throws Exception {
    members();
    maintenance();
    users();
  }

  private void members() throws Exception {
    Cluster cluster = client.getClusterClient();
    List<Member> members = get(cluster.listMember()).getMembers();
    checks.check(
        "listMember",
        members.size()
            + " "
            + members.getFirst().getClientURIs()
            + " "
            + members.getFirst().isLearner(),
        "1 [" + url + "] false");
    checks.differ(
        "addMember",
        outcome(
            () ->
                get(cluster.addMember(List.of(URI.create("http://127.0.0.1:1")), true))
                    .getMember()
                    .isLearner()),
        true,
        REPLICAS,
        "replicas are scaled in Kubernetes");
    List<Member> after = get(cluster.listMember()).getMembers();
    long learner =
        after.stream().filter(Member::isLearner).mapToLong(Member::getId).findFirst().orElse(1);
    checks.differ(
        "removeMember",
        outcome(() -> get(cluster.removeMember(learner)).getMembers().size()),
        1,
        REPLICAS,
        "replicas are scaled in Kubernetes");
  }

  private void maintenance() throws Exception {
    Maintenance maintenance = client.getMaintenanceClient();
    StatusResponse status = get(maintenance.statusMember(url));
    checks.check(
        "statusMember",
        status.getVersion()
            + " "
            + (status.getLeader() == status.getHeader().getMemberId())
            + " "
            + (status.getDbSize() > 0),
        "3.6.16 true true");
    checks.check("listAlarms", get(maintenance.listAlarms()).getAlarms(), List.of());
    checks.check("defragmentMember", get(maintenance.defragmentMember(url)) != null, true);
    checks.check(
        "hashKV",
        get(maintenance.hashKV(url, 0)).getHash() == get(maintenance.hashKV(url, 0)).getHash(),
        true);
    checks.differ(
        "snapshot",
        outcome(() -> get(maintenance.snapshot(new ByteArrayOutputStream())) > 0),
        true,
        "UNIMPLEMENTED kubekv: there is no database file to save; use kubekv export and kubekv"
            + " import",
        "there is no database file; kubekv export writes the keys");
    checks.differ(
        "moveLeader",
        outcome(() -> get(maintenance.moveLeader(status.getLeader())) != null),
        true,
        "UNIMPLEMENTED kubekv: use kubekv pass-over, or stop the replica that writes",
        "who writes is settled by a Lease; kubekv pass-over hands it over");
  }

  private void users() throws Exception {
    Auth auth = client.getAuthClient();
    ByteSequence name = bytes("jetcd");
    String reason = "users and grants are Kubernetes' RBAC";
    checks.differ(
        "userAdd",
        outcome(() -> get(auth.userAdd(name, bytes("secret"))) != null),
        true,
        RBAC,
        reason);
    checks.differ("roleAdd", outcome(() -> get(auth.roleAdd(name)) != null), true, RBAC, reason);
    checks.differ(
        "userGrantRole",
        outcome(() -> get(auth.userGrantRole(name, name)) != null),
        true,
        RBAC,
        reason);
    checks.differ(
        "userGet",
        outcome(() -> get(auth.userGet(name)).getRoles()),
        List.of("jetcd"),
        RBAC,
        reason);
    checks.differ(
        "userDelete", outcome(() -> get(auth.userDelete(name)) != null), true, RBAC, reason);
    checks.differ(
        "roleDelete", outcome(() -> get(auth.roleDelete(name)) != null), true, RBAC, reason);
    checks.differ(
        "authDisable", refusal(auth::authDisable).equals(RBAC) ? RBAC : true, true, RBAC, reason);
  }

  private interface Call {
    Object get() throws Exception;
  }

  /** What it answered, or its refusal. */
  private static Object outcome(Call call) {
    try {
      return call.get();
    } catch (Exception e) {
      return refusal(e);
    }
  }
}
