package io.kubekv.transport.door;

import io.kubekv.transport.access.Access;
import io.kubekv.transport.access.Dialect;
import java.util.List;
import java.util.function.Function;

/**
 * What a door answers over HTTP.
 *
 * @param whole sees the whole store; whoever listens takes it over
 * @param views makes the same on what an access allows
 * @param readable by which origins' web pages its answers may be read in a browser; {@code *}: all
 */
public record HttpApi(Dialect whole, Function<Access, Dialect> views, List<String> readable) {
  public HttpApi {
    readable = List.copyOf(readable);
  }
}
