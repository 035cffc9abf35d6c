package io.kubekv.zookeeper.wire;

import java.io.IOException;
import java.util.List;
import org.apache.jute.InputArchive;
import org.apache.jute.OutputArchive;
import org.apache.jute.Record;
import org.apache.zookeeper.proto.ErrorResponse;
import org.apache.zookeeper.proto.MultiHeader;
import org.jspecify.annotations.Nullable;

/** The answers to the parts of one request; immutable. */
public record MultiResult(List<Part> parts) implements Record {
  private static final int ERROR = -1;

  public MultiResult {
    parts = List.copyOf(parts);
  }

  /**
   * One of them.
   *
   * @param type of the request, or -1 for an error
   * @param body absent where there is nothing to say
   */
  public record Part(int type, int error, @Nullable Record body) {
    /** It was done. */
    public static Part done(int type, @Nullable Record body) {
      return new Part(type, 0, body);
    }

    /** It was not. */
    public static Part failed(Code code) {
      return new Part(ERROR, code.number(), new ErrorResponse(code.number()));
    }
  }

  /** Whether nothing was done, since the session is over. */
  public boolean isOfExpiredSession() {
    return !parts.isEmpty() && parts.get(0).error() == Code.SESSION_EXPIRED.number();
  }

  @Override
  public void serialize(OutputArchive archive, String tag) throws IOException {
    for (Part part : parts) {
      new MultiHeader(part.type(), false, part.type() == ERROR ? part.error() : 0)
          .serialize(archive, tag);
      Record body = part.body();
      if (body != null) {
        body.serialize(archive, tag);
      }
    }
    new MultiHeader(ERROR, true, ERROR).serialize(archive, tag);
  }

  @Override
  public void deserialize(InputArchive archive, String tag) {
    throw new UnsupportedOperationException("answers are only written");
  }
}
