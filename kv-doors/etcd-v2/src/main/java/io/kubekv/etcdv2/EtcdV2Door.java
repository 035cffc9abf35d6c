package io.kubekv.etcdv2;

import io.kubekv.KeyValueStore;
import io.kubekv.golang.Json;
import io.kubekv.transport.access.Dialect;
import io.kubekv.transport.door.Door;
import io.kubekv.transport.door.DoorContext;
import io.kubekv.transport.door.HttpApi;
import io.kubekv.transport.door.ListenAddress;
import io.kubekv.transport.door.OpenDoor;
import io.kubekv.transport.door.View;
import io.kubekv.transport.watch.Watches;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;

/**
 * etcd's API version 2, on a port of its own.
 *
 * @param address where it listens
 * @param readable by which origins' web pages its answers may be read in a browser; {@code *}: all
 * @param members all members, the one that answers among them; asked for each request. Must not
 *     block
 */
public record EtcdV2Door(
    ListenAddress address, List<String> readable, Supplier<List<EtcdMember>> members)
    implements Door {
  public EtcdV2Door {
    readable = List.copyOf(readable);
  }

  @Override
  public String name() {
    return "etcd";
  }

  @Override
  public OpenDoor open(DoorContext context) throws IOException {
    HttpApi api = api(context);
    return context.http(this, api.whole(), api.views(), api.readable());
  }

  /** What it answers, for whoever listens with other things beside it. */
  public HttpApi api(DoorContext context) {
    View whole = context.store("etcd-v2").inOnePiece(Json::mostBytes);
    EtcdV2Dialect dialect =
        new EtcdV2Dialect(
            whole.store(),
            whole.watches(),
            EtcdV2Settings.DEFAULT,
            members,
            InstantSource.system());
    return new HttpApi(
        dialect,
        access -> {
          View view = whole.of(access);
          return dialect.on(view.store(), view.watches());
        },
        readable);
  }

  /** What it answers as a single member, for whoever listens by other means. */
  public static Dialect dialect(KeyValueStore store, Watches watches) {
    return new EtcdV2Dialect(store, watches, EtcdV2Settings.DEFAULT, InstantSource.system());
  }
}
