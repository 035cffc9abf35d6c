package io.kubekv.e2e.zookeeper;

import static io.kubekv.e2e.zookeeper.Checks.bytes;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.cache.ChildData;
import org.apache.curator.framework.recipes.cache.CuratorCache;
import org.apache.curator.framework.recipes.cache.CuratorCacheListener;

/** CuratorCache, which is made of a lasting watch of a tree. */
final class Caches {
  private static final String ROOT = CuratorProgram.ROOT + "/cache";
  private static final int PATIENCE_SECONDS = 20;

  private final CuratorFramework client;
  private final CuratorFramework other;
  private final Checks checks;
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

  Caches(CuratorFramework client, CuratorFramework other, Checks checks) {
    this.client = client;
    this.other = other;
    this.checks = checks;
  }

  void run() throws Exception {
    client.create().forPath(ROOT, bytes("top"));
    client.create().forPath(ROOT + "/a", bytes("1"));
    try (CuratorCache cache = CuratorCache.build(client, ROOT)) {
      CuratorCacheListener listener =
          CuratorCacheListener.builder()
              .forCreates(node -> told.add("made " + tell(node)))
              .forChanges((before, node) -> told.add("changed " + tell(node)))
              .forDeletes(node -> told.add("deleted " + tell(node)))
              .forInitialized(() -> told.add("all is there"))
              .build();
      cache.listenable().addListener(listener);
      cache.start();
      checks.check("cache: the top", next(), "made " + ROOT + "=top");
      checks.check("cache: a child", next(), "made " + ROOT + "/a=1");
      checks.check("cache: begun", next(), "all is there");
      follow(cache);
    }
  }

  private void follow(CuratorCache cache) throws Exception {
    other.create().forPath(ROOT + "/a/deep", bytes("2"));
    checks.check("cache: made by another", next(), "made " + ROOT + "/a/deep=2");
    other.setData().forPath(ROOT + "/a", bytes("3"));
    checks.check("cache: changed by another", next(), "changed " + ROOT + "/a=3");
    other.delete().forPath(ROOT + "/a/deep");
    checks.check("cache: deleted by another", next(), "deleted " + ROOT + "/a/deep=2");
    checks.check("cache: what it has", cache.size(), 2);
    checks.check("cache: a node", cache.get(ROOT + "/a").map(Caches::tell).orElse(""), ROOT + "/a=3");
    Set<String> made = new TreeSet<>();
    Set<String> seen = new TreeSet<>();
    for (int i = 0; i < 50; i++) {
      other.create().forPath(ROOT + "/n" + i, bytes("n"));
      made.add("made " + ROOT + "/n" + i + "=n");
    }
    for (int i = 0; i < 50; i++) {
      seen.add(next());
    }
    checks.check("cache: each of fifty more", seen, made);
    checks.check("cache: fifty more", cache.size(), 52);
  }

  private String next() throws InterruptedException {
    String next = told.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    return next == null ? "nothing" : next;
  }

  private static String tell(ChildData node) {
    return node.getPath() + "=" + new String(node.getData(), StandardCharsets.UTF_8);
  }
}
