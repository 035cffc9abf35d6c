package io.kubekv.server.consul;

import io.kubekv.Bytes;
import io.kubekv.server.golang.Quoted;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * The body of a transaction, read as Consul does (Consul 1.5, agent/txn_endpoint.go: convertOps).
 */
final class TxnBody {
  private static final ObjectReader READER =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
          .build()
          .readerFor(JsonNode.class);
  private static final int MAX_OPERATIONS = 64;

  private TxnBody() {}

  /** The operations on keys, in order; those of other kinds do nothing, as in Consul. */
  static List<TxnOperation> read(byte[] body) throws ConsulError {
    JsonNode list = parsed(body);
    if (!list.isArray()) {
      throw failed("unexpected raw type: " + (list.isEmpty() ? "map[]" : "not a list"));
    }
    if (list.size() > MAX_OPERATIONS) {
      String sizes = list.size() + " > " + MAX_OPERATIONS;
      throw new ConsulError(413, "Transaction contains too many operations (" + sizes + ")");
    }
    List<TxnOperation> operations = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      JsonNode kv = field(list.get(i), "KV");
      if (kv.isObject()) {
        operations.add(operation(i, kv));
      }
    }
    requireSmall(operations);
    return operations;
  }

  private static JsonNode parsed(byte[] body) throws ConsulError {
    try {
      JsonNode json = READER.readTree(body);
      if (json.isMissingNode()) {
        throw failed("EOF");
      }
      return json;
    } catch (UnexpectedEndOfInputException cutOff) {
      throw failed("unexpected EOF");
    } catch (JacksonException wrong) {
      throw failed("invalid JSON: " + wrong.getOriginalMessage());
    }
  }

  private static TxnOperation operation(int position, JsonNode kv) throws ConsulError {
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

  private static String text(JsonNode kv, String name) throws ConsulError {
    JsonNode value = field(kv, name);
    if (value.isString()) {
      return value.stringValue();
    }
    if (value.isMissingNode() || value.isNull()) {
      return "";
    }
    throw failed("'" + name + "' is not a string");
  }

  private static long number(JsonNode kv, String name) throws ConsulError {
    JsonNode value = field(kv, name);
    if (value.isMissingNode() || value.isNull()) {
      return 0;
    }
    return Numbers.parse(value.toString())
        .orElseThrow(() -> failed("'" + name + "' is not an unsigned number"));
  }

  /** A field, its name in any case. */
  private static JsonNode field(JsonNode object, String name) {
    Map<String, JsonNode> fields = new TreeMap<>();
    object.forEachEntry((key, value) -> fields.put(key.toLowerCase(Locale.ROOT), value));
    return fields.getOrDefault(name.toLowerCase(Locale.ROOT), MissingNode.getInstance());
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
    return new ConsulError(400, "Failed to parse body: " + why);
  }
}
