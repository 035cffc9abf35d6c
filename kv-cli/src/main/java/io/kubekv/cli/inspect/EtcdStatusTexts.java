package io.kubekv.cli.inspect;

import io.kubekv.cli.terminal.Json;
import io.kubekv.client.EtcdStatus;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The etcd behind a server, in {@code kubekv status}. */
final class EtcdStatusTexts {
  private EtcdStatusTexts() {}

  static void add(List<List<String>> rows, EtcdStatus etcd) {
    String cluster = etcd.clusterId() == 0 ? "unknown" : Long.toHexString(etcd.clusterId());
    rows.add(List.of("backend", "etcd, cluster " + cluster + ", log below " + etcd.prefix()));
    rows.add(List.of("log", log(etcd)));
    etcd.members().forEach(member -> rows.add(List.of("etcd", member(member))));
  }

  private static String log(EtcdStatus etcd) {
    if (etcd.revision().value() == 0) {
      return "told to " + etcd.told() + "; how far etcd is, no member says";
    }
    return etcd.lag()
        .map(lag -> "told to " + etcd.told() + ", " + lag.toMillis() + " ms behind etcd")
        .orElseGet(
            () ->
                "told to "
                    + etcd.told()
                    + ", more than a second behind etcd, which is at "
                    + etcd.revision());
  }

  private static String member(EtcdStatus.Member member) {
    StringBuilder text = new StringBuilder();
    text.append(member.endpoint().isEmpty() ? "(elsewhere)" : member.endpoint());
    if (!member.name().isEmpty()) {
      text.append(' ').append(member.name());
    }
    member.state().ifPresent(state -> text.append(' ').append(state(state)));
    if (!member.problem().isEmpty()) {
      text.append(": ").append(member.problem());
    }
    return text.toString();
  }

  private static String state(EtcdStatus.State state) {
    return Long.toHexString(state.id())
        + " "
        + state.version()
        + " "
        + state.role()
        + ", at "
        + state.revision()
        + ", database "
        + state.databaseBytes()
        + " bytes, "
        + state.usedBytes()
        + " in use";
  }

  static void add(ObjectNode node, EtcdStatus etcd) {
    node.put("prefix", etcd.prefix()).put("cluster", Long.toHexString(etcd.clusterId()));
    Json.revision(node, "revision", etcd.revision());
    Json.revision(node, "told", etcd.told());
    etcd.lag().ifPresent(lag -> node.put("lagMillis", lag.toMillis()));
    ArrayNode members = node.putArray("members");
    etcd.members().forEach(member -> add(members.addObject(), member));
  }

  private static void add(ObjectNode node, EtcdStatus.Member member) {
    node.put("endpoint", member.endpoint()).put("name", member.name());
    node.put("problem", member.problem());
    member
        .state()
        .ifPresent(
            state -> {
              node.put("id", Long.toHexString(state.id())).put("version", state.version());
              node.put("role", state.role());
              Json.revision(node, "revision", state.revision());
              node.put("databaseBytes", state.databaseBytes()).put("usedBytes", state.usedBytes());
            });
  }
}
