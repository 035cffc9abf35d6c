package io.kubekv.transport.door;

import io.kubekv.transport.http.HostWhitelist;
import java.util.List;
import java.util.function.Function;

/**
 * What doors that speak HTTP let in of the web.
 *
 * @param origins whose pages may change keys
 * @param hosts by which names an address may be called in plain text
 */
public record WebRules(List<String> origins, Function<ListenAddress, HostWhitelist> hosts) {
  /** No page of the web, by whatever name. */
  public static final WebRules NONE = new WebRules(List.of(), address -> HostWhitelist.ANY);

  public WebRules {
    origins = List.copyOf(origins);
  }
}
