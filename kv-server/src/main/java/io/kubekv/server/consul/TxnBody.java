package io.kubekv.server.consul;

import io.kubekv.Bytes;
import io.kubekv.server.golang.Quoted;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The body of a transaction, read as Consul does (Consul 1.5, agent/txn_endpoint.go: convertOps).
 */
final class TxnBody {
  private static final String FAILED = "Failed to parse body: ";
  private static final int MAX_OPERATIONS = 64;

  private TxnBody() {}

  /** The operations on keys, in order; those of other kinds do nothing, as in Consul. */
  static List<TxnOperation> read(byte[] body) throws ConsulError {
    JsonNode list = JsonBody.parse(body, FAILED);
    if (!list.isArray()) {
      throw failed("unexpected raw type: " + (list.isEmpty() ? "map[]" : "not a list"));
    }
    if (list.size() > MAX_OPERATIONS) {
      String sizes = list.size() + " > " + MAX_OPERATIONS;
      throw new ConsulError(413, "Transaction contains too many operations (" + sizes + ")");
    }
    List<TxnOperation> operations = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      JsonNode kv = JsonBody.fields(list.get(i)).get("kv");
      if (kv != null) {
        operations.add(operation(i, JsonBody.fields(kv)));
      }
    }
    requireSmall(operations);
    return operations;
  }

  private static TxnOperation operation(int position, Map<String, JsonNode> kv) throws ConsulError {
    return new TxnOperation(
        position,
        text(kv, "Verb"),
        text(kv, "Key"),
        value(text(kv, "Value")),
        number(kv, "Flags"),
        number(kv, "Index"),
        text(kv, "Session"));
  }

  private static Bytes value(String base64) throws ConsulError {
    try {
      return Bytes.base64(base64);
    } catch (IllegalArgumentException notBase64) {
      int bad = base64.replaceFirst("[^A-Za-z0-9+/].*", "").length();
      throw failed("failed to decode value: illegal base64 data at input byte " + bad);
    }
  }

  private static String text(Map<String, JsonNode> kv, String name) throws ConsulError {
    JsonNode value = kv.get(name.toLowerCase(Locale.ROOT));
    if (value == null) {
      return "";
    }
    if (!value.isString()) {
      throw failed("'" + name + "' is not a string");
    }
    return value.stringValue();
  }

  private static long number(Map<String, JsonNode> kv, String name) throws ConsulError {
    JsonNode value = kv.get(name.toLowerCase(Locale.ROOT));
    return value == null
        ? 0
        : Numbers.parse(value.toString())
            .orElseThrow(() -> failed("'" + name + "' is not an unsigned number"));
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
