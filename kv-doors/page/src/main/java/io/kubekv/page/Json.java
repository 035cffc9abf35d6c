package io.kubekv.page;

import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/**
 * Lays JSON out for people. Nothing of it is changed but the space between its parts, and how the
 * characters of strings are written.
 */
final class Json {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private Json() {}

  /**
   * An object or an array, laid out; empty when the text is none, or would be longer than that.
   *
   * @param most characters: space is cheap to ask for, where arrays are within arrays
   */
  static Optional<String> laidOut(String text, int most) {
    String trimmed = text.strip();
    if (!trimmed.startsWith("{") && !trimmed.startsWith("[")) {
      return Optional.empty();
    }
    Bounded bounded = new Bounded(most);
    try (JsonParser parser = MAPPER.createParser(text);
        JsonGenerator out = MAPPER.writerWithDefaultPrettyPrinter().createGenerator(bounded)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        copy(parser, token, out);
        if (token.isStructEnd() && parser.streamReadContext().inRoot()) {
          if (parser.nextToken() != null) {
            return Optional.empty();
          }
          out.flush();
          return Optional.of(bounded.toString());
        }
      }
      return Optional.empty();
    } catch (JacksonException notJson) {
      return Optional.empty();
    }
  }

  /** Numbers stay as they are written: they may be larger than any that a program has. */
  private static void copy(JsonParser parser, JsonToken token, JsonGenerator out) {
    if (token.isNumeric()) {
      out.writeNumber(parser.getString());
    } else {
      out.copyCurrentEvent(parser);
    }
  }

  /** Takes no more than so much. */
  private static final class Bounded extends Writer {
    private final StringWriter text = new StringWriter();
    private final int most;

    Bounded(int most) {
      this.most = most;
    }

    @Override
    public void write(char[] more, int from, int length) throws IOException {
      if (text.getBuffer().length() + length > most) {
        throw new IOException("longer than " + most);
      }
      text.write(more, from, length);
    }

    @Override
    public void flush() {
      // all is there
    }

    @Override
    public void close() {
      // nothing is held
    }

    @Override
    public String toString() {
      return text.toString();
    }
  }
}
