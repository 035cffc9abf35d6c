package io.kubekv.consul;

import java.util.Set;

/** What Consul 1.5.3 serves and this door does not (agent/http_oss.go), and what it says there. */
final class NotServed {
  static final Response ANSWER =
      Response.text(
          404,
          "not served: kubekv serves Consul's keys, sessions, locks and transactions, and one node"
              + " without services");

  private static final String API = "/v1/";

  /** Below the API; one that ends in a slash has others below it. */
  private static final Set<String> PATHS =
      Set.of(
          "acl/auth-method",
          "acl/auth-method/",
          "acl/auth-methods",
          "acl/binding-rule",
          "acl/binding-rule/",
          "acl/binding-rules",
          "acl/bootstrap",
          "acl/clone/",
          "acl/create",
          "acl/destroy/",
          "acl/info/",
          "acl/list",
          "acl/login",
          "acl/logout",
          "acl/policies",
          "acl/policy",
          "acl/policy/",
          "acl/replication",
          "acl/role",
          "acl/role/",
          "acl/roles",
          "acl/rules/translate",
          "acl/rules/translate/",
          "acl/token",
          "acl/token/",
          "acl/tokens",
          "acl/update",
          "agent/check/deregister/",
          "agent/check/fail/",
          "agent/check/pass/",
          "agent/check/register",
          "agent/check/update/",
          "agent/check/warn/",
          "agent/connect/authorize",
          "agent/connect/ca/leaf/",
          "agent/connect/ca/roots",
          "agent/connect/proxy/",
          "agent/force-leave/",
          "agent/health/service/id/",
          "agent/health/service/name/",
          "agent/host",
          "agent/join/",
          "agent/leave",
          "agent/maintenance",
          "agent/metrics",
          "agent/monitor",
          "agent/reload",
          "agent/service/",
          "agent/token/",
          "catalog/connect/",
          "catalog/deregister",
          "catalog/node/",
          "catalog/register",
          "config",
          "config/",
          "connect/ca/configuration",
          "connect/ca/roots",
          "connect/intentions",
          "connect/intentions/",
          "coordinate/datacenters",
          "coordinate/node/",
          "coordinate/nodes",
          "coordinate/update",
          "event/fire/",
          "event/list",
          "health/connect/",
          "internal/ui/node/",
          "internal/ui/nodes",
          "internal/ui/services",
          "operator/autopilot/configuration",
          "operator/autopilot/health",
          "operator/keyring",
          "operator/raft/configuration",
          "operator/raft/peer",
          "query",
          "query/",
          "snapshot");

  private NotServed() {}

  /** Whether Consul has something at a path. */
  static boolean has(String path) {
    if (!path.startsWith(API)) {
      return false;
    }
    String below = path.substring(API.length());
    for (int end = below.length(); end > 0; end = below.lastIndexOf('/', end - 2) + 1) {
      if (PATHS.contains(below.substring(0, end))) {
        return true;
      }
    }
    return false;
  }
}
