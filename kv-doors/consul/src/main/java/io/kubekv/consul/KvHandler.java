package io.kubekv.consul;

import io.kubekv.Key;

/** {@code /v1/kv/}: the key is all that follows, slashes at either end included. */
final class KvHandler implements Handler {
  private final KvReads reads;
  private final KvWrites writes;

  KvHandler(KvReads reads, KvWrites writes) {
    this.reads = reads;
    this.writes = writes;
  }

  @Override
  public void handle(Call call) throws ConsulError {
    ReadOptions options = ReadOptions.of(call.query());
    switch (call.method()) {
      case "PUT" -> call.answer(Response.json(writes.put(call)));
      case "DELETE" -> call.answer(Response.json(writes.delete(call)));
      default -> reads.get(call, options);
    }
  }

  static Key key(Call call) throws ConsulError {
    if (call.below().isEmpty()) {
      throw new ConsulError(400, "Missing key name");
    }
    return Key.of(call.below());
  }
}
