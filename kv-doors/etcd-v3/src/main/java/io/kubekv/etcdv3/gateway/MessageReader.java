package io.kubekv.etcdv3.gateway;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Message;
import io.kubekv.etcdv3.gateway.JsonTokens.Kind;
import io.kubekv.etcdv3.gateway.JsonTokens.Token;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes a message of a JSON value by the rules, and with the errors, of the reader that etcd's
 * gateway has (protobuf-go 1.36, protojson/decode.go, unknown fields passed over).
 */
final class MessageReader {
  /** Many times what a request can use: transactions are nested 8 deep at most. */
  private static final int MAX_DEPTH = 200;

  private static final Map<Descriptor, Map<String, FieldDescriptor>> FIELDS =
      new ConcurrentHashMap<>();

  /** Likewise: the whole of a transaction has some hundred, and each takes many times its text. */
  private static final int MAX_MESSAGES = 10_000;

  private final JsonTokens tokens;
  private int messages;

  private MessageReader(JsonTokens tokens) {
    this.tokens = tokens;
  }

  /**
   * Reads a message.
   *
   * @param json has a value between those places
   * @param empty one of its kind
   */
  static Message read(byte[] json, int from, int to, Message empty) throws BadJson {
    Message.Builder builder = empty.newBuilderForType();
    new MessageReader(new JsonTokens(json, from, to)).read(builder, 1);
    return builder.build();
  }

  private void read(Message.Builder message, int depth) throws BadJson {
    if (depth > MAX_DEPTH) {
      throw new BadJson("proto: exceeded max recursion depth");
    }
    if (++messages > MAX_MESSAGES) {
      throw new BadJson("etcdserver: too many operations in txn request");
    }
    Token open = tokens.next();
    if (open.kind() != Kind.OBJECT) {
      throw tokens.unexpected(open);
    }
    Map<String, FieldDescriptor> fields = fields(message.getDescriptorForType());
    Set<FieldDescriptor> seen = new HashSet<>();
    Set<OneofDescriptor> chosen = new HashSet<>();
    for (Token name = tokens.next(); name.kind() != Kind.END_OBJECT; name = tokens.next()) {
      FieldDescriptor field = fields.get(name.text());
      if (field == null) {
        skip();
        continue;
      }
      if (!seen.add(field)) {
        throw tokens.wrong(name, "duplicate field " + name.raw());
      }
      if (tokens.isNext('n')) {
        tokens.next();
      } else if (field.isRepeated()) {
        list(message, field, depth);
      } else {
        requireFree(field.getContainingOneof(), chosen, name);
        single(message, field, depth);
      }
    }
  }

  /** By both names that a field has. */
  private static Map<String, FieldDescriptor> fields(Descriptor type) {
    return FIELDS.computeIfAbsent(
        type,
        each -> {
          Map<String, FieldDescriptor> fields = new ConcurrentHashMap<>();
          each.getFields().forEach(field -> fields.put(field.getName(), field));
          each.getFields().forEach(field -> fields.put(field.getJsonName(), field));
          return fields;
        });
  }

  private void requireFree(@Nullable OneofDescriptor oneof, Set<OneofDescriptor> chosen, Token name)
      throws BadJson {
    if (oneof != null && !chosen.add(oneof)) {
      throw tokens.wrong(
          name,
          "error parsing " + name.raw() + ", oneof " + oneof.getFullName() + " is already set");
    }
  }

  /** Passes over a value, however deep. */
  private void skip() throws BadJson {
    int open = 0;
    do {
      open +=
          switch (tokens.next().kind()) {
            case OBJECT, ARRAY -> 1;
            case END_OBJECT, END_ARRAY -> -1;
            default -> 0;
          };
    } while (open > 0);
  }

  private void single(Message.Builder message, FieldDescriptor field, int depth) throws BadJson {
    if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
      message.setField(field, nested(message, field, depth));
    } else {
      Scalars.Value value = scalar(field);
      if (value.known()) {
        message.setField(field, value.object());
      }
    }
  }

  private Message nested(Message.Builder message, FieldDescriptor field, int depth) throws BadJson {
    Message.Builder inner = message.newBuilderForField(field);
    read(inner, depth + 1);
    return inner.build();
  }

  private Scalars.Value scalar(FieldDescriptor field) throws BadJson {
    Token token = tokens.next();
    String kind = field.getType().name().toLowerCase(Locale.ROOT);
    return Scalars.of(field, token)
        .orElseThrow(
            () ->
                tokens.wrong(
                    token,
                    "invalid value for "
                        + kind
                        + " field "
                        + field.getJsonName()
                        + ": "
                        + token.raw()));
  }

  private void list(Message.Builder message, FieldDescriptor field, int depth) throws BadJson {
    Token open = tokens.next();
    if (open.kind() != Kind.ARRAY) {
      throw tokens.unexpected(open);
    }
    while (!tokens.isNext(']')) {
      if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        message.addRepeatedField(field, nested(message, field, depth));
      } else {
        Scalars.Value value = scalar(field);
        if (value.known()) {
          message.addRepeatedField(field, value.object());
        }
      }
    }
    tokens.next();
  }
}
