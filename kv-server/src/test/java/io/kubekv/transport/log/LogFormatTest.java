package io.kubekv.transport.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.read.ListAppender;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.logging.Handler;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a client puts into a line of the log stays in that line. */
class LogFormatTest {
  private static final String FORGED =
      "a\n2026-11-28T00:00:00.000Z ERROR Forged line\r\n\u001b[31mred\u2028next";

  private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
  private final Logger log = context.getLogger("io.kubekv.LogFormatTest");

  /** As logback.xml has it; the tests' own log is another. */
  private static LoggerContext served() {
    LoggerContext served = new LoggerContext();
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(served);
    try {
      configurator.doConfigure(LogFormat.class.getResource("/logback.xml"));
    } catch (JoranException e) {
      throw new AssertionError(e);
    }
    return served;
  }

  private static Encoder<ILoggingEvent> text() {
    var console = served().getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).getAppender("console");
    return ((ConsoleAppender<ILoggingEvent>) console).getEncoder();
  }

  private String written(Encoder<ILoggingEvent> encoder, @Nullable Throwable failure) {
    LoggingEvent event =
        new LoggingEvent("test", log, Level.WARN, "key {} is bad", failure, new Object[] {FORGED});
    event.setInstant(Instant.parse("2026-11-28T10:11:12.345Z"));
    return new String(encoder.encode(event), StandardCharsets.UTF_8);
  }

  @Test
  void text_isOneLine_withoutControlCharacters() {
    String line = written(text(), null);

    assertThat(line)
        .isEqualTo(
            "2026-11-28T10:11:12.345Z WARN  LogFormatTest key a\\u000a2026-11-28T00:00:00.000Z"
                + " ERROR Forged line\\u000d\\u000a\\u001b[31mred\\u2028next is bad\n");
  }

  @Test
  void text_ofAnError_hasNoOtherLineThatBeginsLikeOne() {
    List<String> lines =
        written(text(), new IllegalStateException(FORGED, new RuntimeException(FORGED)))
            .lines()
            .toList();

    assertThat(lines).hasSizeGreaterThan(3);
    assertThat(lines.subList(1, lines.size()))
        .allSatisfy(line -> assertThat(line).startsWith("\t").doesNotContain("\u001b"));
  }

  @Test
  void text_saysWhichRequest() {
    MDC.put("request", "r-1");
    try {
      assertThat(written(text(), null)).contains(" LogFormatTest [r-1] key ");
    } finally {
      MDC.remove("request");
    }
  }

  @Test
  void json_isOneObjectALine_withTheRequest() {
    MDC.put("request", "r-1");
    String line;
    try {
      line = written(LogFormat.jsonEncoder(context), new IllegalStateException(FORGED));
    } finally {
      MDC.remove("request");
    }

    assertThat(line.lines()).hasSize(1);
    assertThat(line.codePoints().filter(c -> c < ' ' && c != '\n')).isEmpty();
    JsonNode object = JsonMapper.shared().readTree(line);
    assertThat(object.path("level").asString("")).isEqualTo("WARN");
    assertThat(object.path("loggerName").asString("")).isEqualTo("io.kubekv.LogFormatTest");
    assertThat(object.path("formattedMessage").asString("")).isEqualTo("key " + FORGED + " is bad");
    assertThat(object.at("/mdc/request").asString("")).isEqualTo("r-1");
    assertThat(object.at("/throwable/message").asString("")).isEqualTo(FORGED);
  }

  @Test
  void javaUtilLogging_isWrittenThroughTheLog() {
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    root.addAppender(lines);
    java.util.logging.Logger former = java.util.logging.Logger.getLogger("");
    List<Handler> handlers = List.of(former.getHandlers());
    try {
      LogFormat.takeOver();

      java.util.logging.Logger.getLogger("io.grpc.LogFormatTest").warning("Transport failed");
      java.util.logging.Logger.getLogger("io.grpc.LogFormatTest").info("not worth a line");

      assertThat(former.getHandlers())
          .extracting(handler -> handler.getClass().getName())
          .containsExactly("org.slf4j.bridge.SLF4JBridgeHandler");
      List<ILoggingEvent> ours =
          List.copyOf(lines.list).stream()
              .filter(line -> line.getLoggerName().equals("io.grpc.LogFormatTest"))
              .toList();
      assertThat(ours).hasSize(1);
      JsonNode object =
          JsonMapper.shared().readTree(LogFormat.jsonEncoder(context).encode(ours.getFirst()));
      assertThat(object.path("formattedMessage").asString("")).isEqualTo("Transport failed");
    } finally {
      root.detachAppender(lines);
      List.of(former.getHandlers()).forEach(former::removeHandler);
      handlers.forEach(former::addHandler);
    }
  }

  @Test
  void machineWithoutANetworkCard_isNoWarning() {
    LoggerContext served = served();

    for (String netty : List.of("util.internal.MacAddressUtil", "channel.DefaultChannelId")) {
      Logger ofNetty = served.getLogger("io.netty." + netty);

      assertThat(ofNetty.isWarnEnabled()).as(netty).isFalse();
      assertThat(ofNetty.isErrorEnabled()).as(netty).isTrue();
    }
  }
}
