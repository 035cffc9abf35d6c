package io.kubekv.etcdv3.gateway;

import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The paths of etcd 3.6's gateway below {@code /v3/}, and whose they are. */
final class Routes {
  /** Calls that wait for what others do, with no limit. */
  private static final Set<String> WAITING =
      Set.of("v3lockpb.Lock/Lock", "v3electionpb.Election/Campaign");

  private static final Map<String, String> PATHS = new HashMap<>();

  static {
    add(
        "etcdserverpb.KV",
        Map.of(
            "kv/range", "Range",
            "kv/put", "Put",
            "kv/deleterange", "DeleteRange",
            "kv/txn", "Txn",
            "kv/compaction", "Compact"));
    add("etcdserverpb.Watch", Map.of("watch", "Watch"));
    add(
        "etcdserverpb.Lease",
        Map.of(
            "lease/grant", "LeaseGrant",
            "lease/revoke", "LeaseRevoke",
            "kv/lease/revoke", "LeaseRevoke",
            "lease/keepalive", "LeaseKeepAlive",
            "lease/timetolive", "LeaseTimeToLive",
            "kv/lease/timetolive", "LeaseTimeToLive",
            "lease/leases", "LeaseLeases",
            "kv/lease/leases", "LeaseLeases"));
    add(
        "etcdserverpb.Cluster",
        Map.of(
            "cluster/member/add", "MemberAdd",
            "cluster/member/remove", "MemberRemove",
            "cluster/member/update", "MemberUpdate",
            "cluster/member/list", "MemberList",
            "cluster/member/promote", "MemberPromote"));
    add(
        "etcdserverpb.Maintenance",
        Map.of(
            "maintenance/alarm", "Alarm",
            "maintenance/status", "Status",
            "maintenance/defragment", "Defragment",
            "maintenance/hash", "Hash",
            "maintenance/hashkv", "HashKV",
            "maintenance/snapshot", "Snapshot",
            "maintenance/transfer-leadership", "MoveLeader",
            "maintenance/downgrade", "Downgrade"));
    add(
        "etcdserverpb.Auth",
        Map.of(
            "auth/enable", "AuthEnable",
            "auth/disable", "AuthDisable",
            "auth/status", "AuthStatus",
            "auth/authenticate", "Authenticate"));
    add(
        "etcdserverpb.Auth",
        Map.of(
            "auth/user/add", "UserAdd",
            "auth/user/get", "UserGet",
            "auth/user/list", "UserList",
            "auth/user/delete", "UserDelete",
            "auth/user/changepw", "UserChangePassword",
            "auth/user/grant", "UserGrantRole",
            "auth/user/revoke", "UserRevokeRole"));
    add(
        "etcdserverpb.Auth",
        Map.of(
            "auth/role/add", "RoleAdd",
            "auth/role/get", "RoleGet",
            "auth/role/list", "RoleList",
            "auth/role/delete", "RoleDelete",
            "auth/role/grant", "RoleGrantPermission",
            "auth/role/revoke", "RoleRevokePermission"));
    add("v3lockpb.Lock", Map.of("lock/lock", "Lock", "lock/unlock", "Unlock"));
    add(
        "v3electionpb.Election",
        Map.of(
            "election/campaign", "Campaign",
            "election/proclaim", "Proclaim",
            "election/leader", "Leader",
            "election/observe", "Observe",
            "election/resign", "Resign"));
  }

  private final Map<String, ServerMethodDefinition<?, ?>> methods = new HashMap<>();

  private static void add(String service, Map<String, String> methods) {
    methods.forEach((path, method) -> PATHS.put("/v3/" + path, service + "/" + method));
  }

  /**
   * @param services all that the paths need
   */
  Routes(List<ServerServiceDefinition> services) {
    for (ServerServiceDefinition service : services) {
      for (ServerMethodDefinition<?, ?> method : service.getMethods()) {
        methods.put(method.getMethodDescriptor().getFullMethodName(), method);
      }
    }
    for (String method : PATHS.values()) {
      if (!methods.containsKey(method)) {
        throw new IllegalArgumentException("no service has " + method);
      }
    }
  }

  /** All of them. */
  static Set<String> paths() {
    return PATHS.keySet();
  }

  /** Whose a path is. */
  Optional<ServerMethodDefinition<?, ?>> find(String path) {
    @Nullable String method = PATHS.get(path);
    return Optional.ofNullable(method).map(this::method);
  }

  /** A method by its full name. */
  ServerMethodDefinition<?, ?> method(String name) {
    ServerMethodDefinition<?, ?> method = methods.get(name);
    if (method == null) {
      throw new IllegalArgumentException("no service has " + name);
    }
    return method;
  }

  /** Whether a call waits for what others do. */
  static boolean waits(ServerMethodDefinition<?, ?> method) {
    return WAITING.contains(method.getMethodDescriptor().getFullMethodName());
  }
}
