package io.kubekv.etcdv3.gateway;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/**
 * The messages in a body, one after the other; each is read when it is asked for, and the body is
 * kept no longer than there are more.
 */
final class Questions implements QuestionSource {
  private static final byte[] NOTHING = {};

  private byte[] body;
  private final Message empty;
  private int at;
  private Runnable whenRead = () -> {};

  Questions(byte[] body, MethodDescriptor<?, ?> method) {
    this.body = body;
    this.empty = DirectCall.noQuestion(method);
  }

  /** That one alone. */
  static QuestionSource only(Message question) {
    Queue<Message> left = new ArrayDeque<>(List.of(question));
    return () -> Optional.ofNullable(left.poll());
  }

  /** The first: an empty one if there is none. What follows it does not matter, as for etcd. */
  Message first() throws BadJson {
    return read().orElse(empty);
  }

  /** Has it told when the body is kept no longer; may be repeated. */
  void whenRead(Runnable told) {
    whenRead = told;
  }

  /** What is no message ends them without a word, as for etcd. */
  @Override
  public Optional<Message> next() {
    Optional<Message> next;
    try {
      next = read();
    } catch (BadJson end) {
      next = Optional.empty();
    }
    if (next.isEmpty() || JsonScanner.start(body, at) == body.length) {
      body = NOTHING;
      at = 0;
      whenRead.run();
    }
    return next;
  }

  private Optional<Message> read() throws BadJson {
    int from = JsonScanner.start(body, at);
    int end = JsonScanner.end(body, from);
    if (end == JsonScanner.NONE) {
      return Optional.empty();
    }
    Message read = MessageReader.read(body, from, end, empty);
    at = end;
    return Optional.of(read);
  }
}
