package io.kubekv.zookeeper.connection;

import io.kubekv.transport.requests.RequestMeters.Outcome;
import io.kubekv.transport.tcp.TcpRequest;
import io.kubekv.zookeeper.wire.Op;
import io.vertx.core.buffer.Buffer;
import java.util.function.Supplier;

/** A question of four letters, which is the only one on its connection. */
final class Question {
  private final Connection connection;
  private final Supplier<String> text;

  private Question(Connection connection, Supplier<String> text) {
    this.connection = connection;
    this.text = text;
  }

  static void begin(Connection connection, Supplier<String> text) {
    Question question = new Question(connection, text);
    connection.wire().arrived();
    connection
        .wire()
        .begin(
            Op.WORD,
            "",
            request -> request.run(() -> connection.guarded(() -> question.answer(request))),
            refused -> connection.wire().close());
  }

  private void answer(TcpRequest request) {
    connection.begun(request);
    Buffer said = Buffer.buffer(text.get());
    connection.wire().send(said);
    connection.wire().end();
    connection.finish(Outcome.DONE, said.length());
  }
}
