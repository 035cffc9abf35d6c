package io.kubekv.transport.log;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.logging.LogManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How lines of the log are written. */
public enum LogFormat {
  /** For people: as {@code logback.xml} says, one line an event and indented ones for its error. */
  text,
  /** For programs: an object of JSON an event. */
  json;

  /**
   * Takes what libraries write by {@code java.util.logging}, as gRPC does, into the log ({@code
   * logging.properties}): it would go to standard error in a form of its own.
   */
  public static void takeOver() {
    try (InputStream bridge = LogFormat.class.getResourceAsStream("/logging.properties")) {
      LogManager.getLogManager().readConfiguration(bridge);
    } catch (IOException e) {
      throw new UncheckedIOException("kubekv's own logging.properties cannot be read", e);
    }
  }

  /** Writes the log of this process so from now on. */
  public void use() {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    var console = context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("console");
    if (this == json && console instanceof ConsoleAppender<ILoggingEvent> appender) {
      appender.setEncoder(jsonEncoder(context));
    }
  }

  /** Logback's own, with what says something. */
  static Encoder<ILoggingEvent> jsonEncoder(LoggerContext context) {
    JsonEncoder encoder = new JsonEncoder();
    encoder.setContext(context);
    encoder.setWithSequenceNumber(false);
    encoder.setWithNanoseconds(false);
    encoder.setWithContext(false);
    encoder.setWithMessage(false);
    encoder.setWithArguments(false);
    encoder.setWithFormattedMessage(true);
    encoder.start();
    return encoder;
  }
}
