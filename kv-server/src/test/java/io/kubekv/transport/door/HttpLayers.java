package io.kubekv.transport.door;

import io.kubekv.transport.access.Dialect;
import io.kubekv.transport.http.HttpHandler;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;

/** What stands around a dialect. */
public final class HttpLayers {
  private HttpLayers() {}

  /** The classes' names, the outermost first, without the dialect's. */
  public static List<String> around(DoorContext context, Door door, Dialect dialect)
      throws IllegalAccessException {
    List<String> names = new ArrayList<>();
    HttpHandler at = context.around(door, dialect, access -> dialect, List.of());
    while (!at.equals(dialect)) {
      names.add(at.getClass().getSimpleName());
      at = within(at);
    }
    return names;
  }

  private static HttpHandler within(HttpHandler outer) throws IllegalAccessException {
    for (Field field : outer.getClass().getDeclaredFields()) {
      if (HttpHandler.class.isAssignableFrom(field.getType())) {
        field.setAccessible(true);
        return (HttpHandler) field.get(outer);
      }
    }
    throw new AssertionError(outer + " stands around nothing");
  }
}
