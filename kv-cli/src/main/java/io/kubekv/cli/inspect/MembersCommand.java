package io.kubekv.cli.inspect;

import io.kubekv.cli.connection.ClientCommand;
import io.kubekv.cli.terminal.ExitCodes;
import io.kubekv.cli.terminal.Format;
import io.kubekv.cli.terminal.Json;
import io.kubekv.cli.terminal.TableOptions;
import io.kubekv.cli.terminal.Terminal;
import io.kubekv.client.KubekvClient;
import io.kubekv.client.ReplicaStatus;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code kubekv members}. */
@Command(
    name = "members",
    description =
        "Lists the replicas of the store, as far as the one that is asked knows; * is beside the"
            + " one that holds the lease. -o value prints where each is reached.")
public final class MembersCommand extends ClientCommand {
  private static final List<String> HEADER =
      List.of("HOLDER", "IDENTITY", "ADDRESS", "CLIENT-URLS");

  @Mixin TableOptions output = new TableOptions(Format.TABLE);

  public MembersCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected int run(KubekvClient client) {
    ReplicaStatus status = client.replicaAtOnce();
    List<List<String>> rows = new ArrayList<>();
    for (ReplicaStatus.Member member : status.members()) {
      boolean holds =
          status.lease().filter(lease -> lease.holder().equals(member.identity())).isPresent();
      switch (output.kind()) {
        case VALUE -> terminal.out().println(member.address());
        case NODE -> output.print(terminal.out(), json(member).put("holder", holds));
        case TABLE ->
            rows.add(
                List.of(
                    holds ? "*" : "",
                    member.identity(),
                    member.address().isEmpty() ? "-" : member.address(),
                    member.clientUrls().isEmpty() ? "-" : String.join(",", member.clientUrls())));
      }
    }
    if (output.kind() == Format.Kind.TABLE) {
      output.table(terminal.out(), HEADER, rows);
    }
    return ExitCodes.DONE;
  }

  /** As {@code status} shows it, too. */
  static ObjectNode json(ReplicaStatus.Member member) {
    ObjectNode node = Json.object();
    node.put("identity", member.identity()).put("name", member.name());
    node.put("address", member.address());
    ArrayNode urls = node.putArray("clientUrls");
    member.clientUrls().forEach(urls::add);
    return node;
  }
}
