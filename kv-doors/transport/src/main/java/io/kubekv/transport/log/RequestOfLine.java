package io.kubekv.transport.log;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;

/** {@code %request}: the id of the request that a line belongs to, in brackets; nothing without. */
public final class RequestOfLine extends ClassicConverter {
  @Override
  public String convert(ILoggingEvent event) {
    String id = event.getMDCPropertyMap().get("request");
    return id == null ? "" : "[" + id + "] ";
  }
}
