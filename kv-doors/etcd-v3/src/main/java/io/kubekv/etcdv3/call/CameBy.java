package io.kubekv.etcdv3.call;

import io.grpc.Attributes;
import io.grpc.BindableService;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import java.net.InetSocketAddress;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The URL that a client came by, which it can certainly reach. A call says where it goes to, as a
 * request over HTTP does by its {@code Host}; but clients may call that what they like, so what is
 * no host with a port does not count, and the address that the connection came to does.
 */
public final class CameBy implements ServerInterceptor {
  /** Of a call that comes in no connection of its own: the URL, by whoever makes the call. */
  public static final Attributes.Key<String> CAME_BY = Attributes.Key.create("kubekv-came-by");

  private static final Context.Key<String> URL = Context.key("the URL that the client came by");
  private static final Pattern HOST_AND_PORT =
      Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})");

  /** The service, where {@link #url} is known when a call begins. */
  public static BindableService heard(BindableService service) {
    return () -> ServerInterceptors.intercept(service, new CameBy());
  }

  /** What the client of the current call came by. */
  public static String url() {
    return URL.get();
  }

  @Override
  public <Q, W> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, W> call, Metadata headers, ServerCallHandler<Q, W> next) {
    String url = of(call.getAuthority(), call.getAttributes());
    return Contexts.interceptCall(Context.current().withValue(URL, url), call, headers, next);
  }

  private static String of(@Nullable String authority, Attributes connection) {
    String known = connection.get(CAME_BY);
    if (known != null) {
      return known;
    }
    boolean named = authority != null && HOST_AND_PORT.matcher(authority).matches();
    return (connection.get(Grpc.TRANSPORT_ATTR_SSL_SESSION) == null ? "http://" : "https://")
        + (named ? authority : local(connection));
  }

  private static String local(Attributes connection) {
    return connection.get(Grpc.TRANSPORT_ATTR_LOCAL_ADDR) instanceof InetSocketAddress local
        ? host(local.getAddress().getHostAddress()) + ":" + local.getPort()
        : "localhost";
  }

  private static String host(String address) {
    return address.indexOf(':') < 0 ? address : "[" + address + "]";
  }
}
