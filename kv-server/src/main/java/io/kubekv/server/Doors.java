package io.kubekv.server;

import io.kubekv.server.Parts.Part;
import io.kubekv.transport.door.Door;
import io.kubekv.transport.door.DoorContext;
import io.kubekv.transport.door.ListenAddress;
import io.kubekv.transport.door.OpenDoor;
import io.kubekv.transport.http.HttpHandler;
import io.kubekv.transport.http.HttpListener;
import io.kubekv.transport.limits.Budgets;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * Where clients come in. Opened one after the other, and closed all at the same time: none lets
 * anybody in while another ends, and a stop takes as long as the slowest of them. Not thread-safe.
 */
final class Doors implements AutoCloseable {
  private static final Duration DRAIN = Duration.ofSeconds(3);

  private final DoorContext context;
  private final List<Part> open = new ArrayList<>();
  private final Map<String, HttpHandler> pages = new HashMap<>();

  /**
   * Opens none yet.
   *
   * @param context stays the caller's
   */
  Doors(DoorContext context) {
    this.context = context;
  }

  /**
   * Opens a door.
   *
   * @return where it listens, with its port
   */
  ListenAddress open(Door door) throws IOException {
    OpenDoor opened = door.open(context);
    add(new Part(door.name(), opened));
    pages.putAll(opened.pages());
    return new ListenAddress(door.address().host(), opened.port());
  }

  /** The same as a URL, as a client on this machine would write it. */
  String url(Door door) throws IOException {
    return (context.tls().isPresent() ? "https://" : "http://") + open(door);
  }

  /** What the doors that are open show on the operations port. */
  Map<String, HttpHandler> pages() {
    return Map.copyOf(pages);
  }

  /**
   * Opens the operations pages: plain text, for those who ask whether a process is well. They must
   * be answered whatever the same address takes at the other doors, and whatever these do.
   */
  String ops(ListenAddress address, HttpHandler pages) throws IOException {
    Budgets apart = LimitsConfig.DEFAULT.budgets();
    add(new Part("limits of the operations pages", apart));
    HttpListener listener =
        HttpListener.startApart(
            address.host(), address.port(), context.http(), pages, context.threads(), apart);
    add(
        new Part(
            "ops",
            () -> {
              listener.drain(DRAIN);
              listener.close();
            }));
    return "http://" + new ListenAddress(address.host(), listener.port());
  }

  void add(Part door) {
    open.add(door);
  }

  /** Takes no more requests, and returns when those in flight have ended or were cut. */
  @Override
  public void close() {
    List<Callable<Boolean>> closings = new ArrayList<>();
    for (Part door : open) {
      closings.add(
          () -> {
            door.close();
            return true;
          });
    }
    try {
      context.threads().invokeAll(closings);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
