package io.kubekv.cli.inspect;

import io.kubekv.cli.connection.ClientCommand;
import io.kubekv.cli.terminal.Durations;
import io.kubekv.cli.terminal.ExitCodes;
import io.kubekv.cli.terminal.Format;
import io.kubekv.cli.terminal.Json;
import io.kubekv.cli.terminal.OutputOptions;
import io.kubekv.cli.terminal.Terminal;
import io.kubekv.cli.terminal.Texts;
import io.kubekv.client.KubekvClient;
import io.kubekv.client.ReplicaStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code kubekv status}. */
@Command(
    name = "status",
    description =
        "Shows how a replica is: who holds the store's lease, how far it follows, and the members;"
            + " of a store on etcd, how etcd's members are and how far the log there is ahead.")
public final class StatusCommand extends ClientCommand {
  @Mixin OutputOptions output = new OutputOptions(Format.TABLE);

  public StatusCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected int run(KubekvClient client) {
    ReplicaStatus status = client.replicaAtOnce();
    switch (output.kind()) {
      case VALUE -> terminal.out().println(role(status));
      case NODE -> output.print(terminal.out(), json(status));
      case TABLE -> table(status);
    }
    return status.ready() ? ExitCodes.DONE : ExitCodes.UNAVAILABLE;
  }

  private void table(ReplicaStatus status) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("replica", status.identity()));
    rows.add(List.of("role", role(status) + (status.ready() ? "" : ": " + status.reason())));
    rows.add(List.of("store", Long.toHexString(status.storeId())));
    status.etcd().ifPresent(etcd -> EtcdStatusTexts.add(rows, etcd));
    holder(rows, status);
    rows.add(List.of("history", status.oldest() + " to " + status.revision()));
    rows.add(List.of("entries", Long.toString(status.entries())));
    status.members().forEach(member -> rows.add(List.of("member", member(member))));
    Texts.table(terminal.out(), rows);
  }

  private static void holder(List<List<String>> rows, ReplicaStatus status) {
    rows.add(List.of("holder", status.lease().map(StatusCommand::holder).orElse("nobody")));
    status
        .lease()
        .ifPresent(
            lease ->
                rows.add(
                    List.of(
                        "lease",
                        Durations.print(lease.duration())
                            + ", renewed "
                            + lease.age().toMillis()
                            + " ms ago")));
    rows.add(List.of("revision", status.revision() + ", announced " + status.announced()));
    rows.add(List.of("waiting", status.backlog() + " events"));
  }

  private static String member(ReplicaStatus.Member member) {
    return Stream.of(member.identity(), member.address(), String.join(",", member.clientUrls()))
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining(" "));
  }

  private static String holder(ReplicaStatus.Lease lease) {
    return lease.holder() + (lease.address().isEmpty() ? "" : " at " + lease.address());
  }

  private static String role(ReplicaStatus status) {
    return status.role().name().toLowerCase(Locale.ROOT);
  }

  private static ObjectNode json(ReplicaStatus status) {
    ObjectNode node = Json.object().put("identity", status.identity()).put("role", role(status));
    node.put("ready", status.ready()).put("reason", status.reason());
    node.put("store", Long.toHexString(status.storeId()));
    status
        .lease()
        .ifPresent(
            lease ->
                node.putObject("lease")
                    .put("holder", lease.holder())
                    .put("address", lease.address())
                    .put("durationMillis", lease.duration().toMillis())
                    .put("ageMillis", lease.age().toMillis()));
    Json.revision(node, "revision", status.revision());
    Json.revision(node, "announced", status.announced());
    node.put("backlog", status.backlog());
    status.heard().ifPresent(time -> node.put("heardMillisAgo", time.toMillis()));
    Json.revision(node, "oldest", status.oldest());
    node.put("entries", status.entries()).put("takeOvers", status.takeOvers());
    node.put("lists", status.lists()).put("forwarded", status.forwarded());
    status.etcd().ifPresent(etcd -> EtcdStatusTexts.add(node.putObject("etcd"), etcd));
    ArrayNode members = node.putArray("members");
    status.members().forEach(member -> members.add(MembersCommand.json(member)));
    return node;
  }
}
