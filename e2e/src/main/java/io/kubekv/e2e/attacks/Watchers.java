package io.kubekv.e2e.attacks;

import io.kubekv.e2e.Finding;
import io.kubekv.e2e.HttpConnection;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Many watches of one key, which then gets a value of 500 KB; each is read to its end. */
final class Watchers implements Assault {
  private static final String KEY = "attack/watched";
  private static final int BYTES = 500_000;

  @Override
  public String name() {
    return "watchers";
  }

  @Override
  public String about() {
    return "watches of one key, which gets a value of 500 KB";
  }

  @Override
  public Kind kind() {
    return Kind.OPEN;
  }

  @Override
  public long stores() {
    return 8L * BYTES;
  }

  @Override
  public void attack(Target target, Consumer<Finding> findings) throws IOException {
    String path = "/v2/keys/" + KEY + "?wait=true";
    List<Socket> watches = new CopyOnWriteArrayList<>();
    Workers.all(
        16,
        target.count(600, 1_900),
        number -> {
          Socket watch = Wire.socket(target.etcd(), Target.source(0));
          watches.add(watch);
          watch.setSoTimeout((int) target.patience().toMillis());
          watch
              .getOutputStream()
              .write(HttpConnection.request("GET", path, target.etcd(), Map.of(), ""));
        });
    int failed =
        Workers.all(1, 1, number -> Seed.put(target.etcd(), 400, KEY, Seed.value(number, BYTES)));
    AtomicInteger told = new AtomicInteger();
    Workers.forTime(
        watches.size(),
        target.patience(),
        number -> {
          HttpConnection connection = HttpConnection.over(watches.get(number));
          if (connection.readBody(connection.readHead()).body().length() > BYTES) {
            told.incrementAndGet();
          }
        });
    // who is so slow that others wait for the memory is cut off, which a busy machine makes of some
    findings.accept(
        Finding.told(
            "watches, those that were told whole, and puts without an answer",
            "%d, %d, %d",
            watches.size(),
            told.get(),
            failed));
    for (Socket watch : watches) {
      watch.close();
    }
  }
}
