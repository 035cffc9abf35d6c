package io.kubekv.consul;

import io.kubekv.Bytes;
import io.kubekv.golang.Quoted;
import io.kubekv.golang.StdBase64;
import io.kubekv.golang.StdBase64.BadBase64;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The body of a transaction, read as Consul does (Consul 1.5, agent/txn_endpoint.go: convertOps).
 */
final class TxnBody {
  private static final String FAILED = "Failed to parse body: ";
  private static final int MAX_OPERATIONS = 64;

  /** What Consul's transactions change beside keys. */
  private static final List<String> OTHERS = List.of("Node", "Service", "Check");

  private static final Set<String> VERBS_OF_OTHERS =
      Set.of("get", "set", "cas", "delete", "delete-cas");

  private final List<TxnOperation> operations = new ArrayList<>();
  private final Fields fields = new Fields();
  private Optional<ConsulError> refused = Optional.empty();

  private TxnBody() {}

  /**
   * The operations, in order; what names no operation at all is passed over, as in Consul.
   *
   * @throws ConsulError if one of them can be read by nobody, or is of a node, a service or a check
   */
  static List<TxnOperation> read(byte[] body) throws ConsulError {
    JsonNode list = JsonBody.parse(body, FAILED);
    if (!list.isArray()) {
      throw failed("unexpected raw type: " + GoValue.asBoolean(list));
    }
    if (list.size() > MAX_OPERATIONS) {
      String sizes = list.size() + " > " + MAX_OPERATIONS;
      throw new ConsulError(413, "Transaction contains too many operations (" + sizes + ")");
    }
    List<Bytes> values = new ArrayList<>();
    for (JsonNode element : list) {
      values.add(value(element));
    }
    TxnBody read = new TxnBody();
    for (int i = 0; i < list.size(); i++) {
      read.add(list.get(i), "[" + i + "].", values.get(i));
    }
    return read.whole();
  }

  /** The value that an element of the list has for its key, before anything else is looked at. */
  private static Bytes value(JsonNode element) throws ConsulError {
    if (!element.isObject()) {
      throw failed("unexpected raw op type: " + GoValue.type(element));
    }
    JsonNode kv = JsonBody.field(element, "KV");
    if (kv == null || kv.isNull()) {
      return Bytes.EMPTY;
    }
    if (!kv.isObject()) {
      throw failed("unexpected raw KV type: " + GoValue.type(kv));
    }
    JsonNode value = JsonBody.field(kv, "Value");
    if (value == null || value.isNull()) {
      return Bytes.EMPTY;
    }
    if (!value.isString()) {
      throw failed("unexpected value type: " + GoValue.type(value));
    }
    try {
      return Bytes.copyOf(StdBase64.decode(value.stringValue()));
    } catch (BadBase64 notOne) {
      throw failed("failed to decode value: " + notOne.getMessage());
    }
  }

  private void add(JsonNode element, String path, Bytes value) {
    JsonNode kv = JsonBody.field(element, "KV");
    boolean ofKey = kv != null && kv.isObject();
    if (kv != null && ofKey) {
      operations.add(operation(kv, path + "KV.", value));
    }
    for (String kind : OTHERS) {
      JsonNode other = JsonBody.field(element, kind);
      if (other != null && fields.isObject(other, path + kind) && !ofKey && refused.isEmpty()) {
        refused = Optional.of(refusal(kind, other));
      }
    }
  }

  private TxnOperation operation(JsonNode kv, String path, Bytes value) {
    return new TxnOperation(
        operations.size(),
        text(kv, path, "Verb", "api.KVOp"),
        text(kv, path, "Key", "string"),
        value,
        fields.unsigned(JsonBody.field(kv, "Flags"), path + "Flags"),
        fields.unsigned(JsonBody.field(kv, "Index"), path + "Index"),
        text(kv, path, "Session", "string"));
  }

  private String text(JsonNode kv, String path, String name, String type) {
    return fields.text(JsonBody.field(kv, name), path + name, type).orElse("");
  }

  /** Nobody would do it, and what stands beside it may depend on it. */
  private ConsulError refusal(String kind, JsonNode other) {
    JsonNode verb = JsonBody.field(other, "Verb");
    String said = verb != null && verb.isString() ? verb.stringValue() : "";
    String which = kind + (VERBS_OF_OTHERS.contains(said) ? " " + said : "");
    return new ConsulError(
        400,
        "operation "
            + operations.size()
            + " ("
            + which
            + ") is refused: only keys are changed and checked here, no nodes, services or checks;"
            + " nothing was done");
  }

  private List<TxnOperation> whole() throws ConsulError {
    fields.failOnWrongOnes(FAILED);
    if (refused.isPresent()) {
      throw refused.get();
    }
    requireSmall(operations);
    return operations;
  }

  private static void requireSmall(List<TxnOperation> operations) throws ConsulError {
    int limit = KvWrites.MAX_VALUE_BYTES;
    int sum = 0;
    for (TxnOperation operation : operations) {
      int size = operation.value().size();
      sum += size;
      if (size > limit) {
        String which = "Value for key " + Quoted.of(operation.key());
        throw new ConsulError(413, which + " is too large (" + size + " > " + limit + " bytes)");
      }
    }
    if (sum > limit) {
      throw new ConsulError(
          413, "Cumulative size of key data is too large (" + sum + " > " + limit + " bytes)");
    }
  }

  private static ConsulError failed(String why) {
    return new ConsulError(400, FAILED + why);
  }
}
