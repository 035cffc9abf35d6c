package io.kubekv.transport.log;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.stream.Collectors;

/** {@code %indented}: an exception, every line of which begins with a tab, as no event's does. */
public final class IndentedThrowable extends ThrowableProxyConverter {
  @Override
  public String convert(ILoggingEvent event) {
    return super.convert(event)
        .lines()
        .map(line -> "\t" + EscapedMessage.escape(line.strip()) + System.lineSeparator())
        .collect(Collectors.joining());
  }
}
