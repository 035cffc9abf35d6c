package io.kubekv.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same programs on a ZooKeeper server and on the door, by ZooKeeper's own client. */
class ComparedTest {
  private static final List<ACL> OPEN = Ids.OPEN_ACL_UNSAFE;

  @SuppressWarnings("NullAway.Init")
  @TempDir
  Path folder;

  /** What is asked of both. */
  private interface Program {
    void run(Notes notes) throws IOException, InterruptedException;
  }

  private void bothAnswerAlike(Program program) throws IOException, InterruptedException {
    List<String> real;
    try (RealServer server = RealServer.start(folder);
        Notes notes = new Notes(server)) {
      program.run(notes);
      real = notes.lines();
    }
    try (DoorUnderTest door = DoorUnderTest.open();
        Notes notes = new Notes(door)) {
      program.run(notes);
      assertThat(notes.lines()).containsExactlyElementsOf(real);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Notes.Asked stat(ZooKeeper zk, String path) {
    return () -> zk.exists(path, false);
  }

  @Test
  void nodes_areMadeReadSetAndDeleted() throws Exception {
    bothAnswerAlike(
        notes -> {
          ZooKeeper zk = notes.session();
          notes.ask("root", stat(zk, "/"));
          notes.ask("create", () -> zk.create("/a", bytes("one"), OPEN, CreateMode.PERSISTENT));
          notes.ask("again", () -> zk.create("/a", bytes("x"), OPEN, CreateMode.PERSISTENT));
          Stat made = new Stat();
          notes.ask(
              "create2",
              () -> {
                zk.create("/a/b", bytes("two"), OPEN, CreateMode.PERSISTENT, made);
                return made;
              });
          notes.ask("stat", stat(zk, "/a"));
          notes.ask("root", stat(zk, "/"));
          notes.ask("get", () -> zk.getData("/a", false, null));
          notes.ask("set", () -> zk.setData("/a", bytes("three"), 0));
          notes.ask("set old", () -> zk.setData("/a", bytes("four"), 0));
          notes.ask("set any", () -> zk.setData("/a", null, -1));
          notes.ask("get nothing", () -> zk.getData("/a", false, null));
          notes.ask("set none", () -> zk.setData("/none", bytes("x"), -1));
          notes.ask("no parent", () -> zk.create("/n/n", null, OPEN, CreateMode.PERSISTENT));
          notes.ask("delete full", () -> deleted(zk, "/a", -1));
          notes.ask("delete old", () -> deleted(zk, "/a/b", 7));
          notes.ask("delete", () -> deleted(zk, "/a/b", 0));
          notes.ask("delete none", () -> deleted(zk, "/a/b", -1));
          notes.ask("stat", stat(zk, "/a"));
          notes.ask("gone", stat(zk, "/a/b"));
          notes.ask("get gone", () -> zk.getData("/a/b", false, null));
          notes.ask("children", () -> zk.getChildren("/", false).stream().sorted().toList());
          notes.ask("children gone", () -> zk.getChildren("/b", false));
          notes.ask("set root", () -> zk.setData("/", bytes("root"), 0));
          notes.ask("get root", () -> zk.getData("/", false, null));
          notes.ask("set root old", () -> zk.setData("/", bytes("root"), 0));
          notes.ask("delete root", () -> deleted(zk, "/", -1));
          notes.ask("all below", () -> zk.getAllChildrenNumber("/"));
          notes.ask("config", () -> zk.getChildren("/zookeeper", false).stream().sorted().toList());
          notes.ask("delete special", () -> deleted(zk, "/zookeeper", -1));
        });
  }

  private static Object deleted(ZooKeeper zk, String path, int version)
      throws InterruptedException, KeeperException {
    zk.delete(path, version);
    return "deleted";
  }

  @Test
  void sequences_countAsChildrenAreMade() throws Exception {
    bothAnswerAlike(
        notes -> {
          ZooKeeper zk = notes.session();
          notes.ask("q", () -> zk.create("/q", null, OPEN, CreateMode.PERSISTENT));
          notes.ask("1", () -> zk.create("/q/n-", null, OPEN, CreateMode.PERSISTENT_SEQUENTIAL));
          notes.ask("2", () -> zk.create("/q/n-", null, OPEN, CreateMode.EPHEMERAL_SEQUENTIAL));
          notes.ask("delete", () -> deleted(zk, "/q/n-0000000001", -1));
          notes.ask("3", () -> zk.create("/q/m-", null, OPEN, CreateMode.PERSISTENT_SEQUENTIAL));
          notes.ask("4", () -> zk.create("/q/", null, OPEN, CreateMode.PERSISTENT_SEQUENTIAL));
          notes.ask("stat", stat(zk, "/q"));
          notes.ask("top", () -> zk.create("/", null, OPEN, CreateMode.PERSISTENT_SEQUENTIAL));
          notes.ask("root", stat(zk, "/"));
        });
  }

  @Test
  void ephemerals_endWithTheirSession() throws Exception {
    bothAnswerAlike(
        notes -> {
          ZooKeeper zk = notes.session();
          ZooKeeper other = notes.session();
          notes.ask("e", () -> other.create("/e", bytes("x"), OPEN, CreateMode.EPHEMERAL));
          notes.ask("f", () -> other.create("/f", bytes("x"), OPEN, CreateMode.EPHEMERAL));
          notes.ask("stat", stat(zk, "/e"));
          notes.ask("below", () -> zk.create("/e/x", null, OPEN, CreateMode.PERSISTENT));
          notes.ask("own", () -> other.getEphemerals().stream().sorted().toList());
          notes.ask("not own", zk::getEphemerals);
          other.close();
          notes.ask("gone", stat(zk, "/e"));
          notes.ask("gone", stat(zk, "/f"));
          notes.ask("root", stat(zk, "/"));
        });
  }

  @Test
  void containersAndNodesWithAnEnd_areShownAsSuch() throws Exception {
    bothAnswerAlike(
        notes -> {
          ZooKeeper zk = notes.session();
          notes.ask("c", () -> zk.create("/c", null, OPEN, CreateMode.CONTAINER));
          notes.ask("stat", stat(zk, "/c"));
          Stat made = new Stat();
          notes.ask(
              "t", () -> zk.create("/t", null, OPEN, CreateMode.PERSISTENT_WITH_TTL, made, 60_000));
          notes.ask("made", () -> made);
          notes.ask("stat", stat(zk, "/t"));
          notes.ask(
              "s",
              () ->
                  zk.create(
                      "/s", null, OPEN, CreateMode.PERSISTENT_SEQUENTIAL_WITH_TTL, made, 60_000));
        });
  }

  @Test
  void several_happenTogetherOrNot() throws Exception {
    bothAnswerAlike(
        notes -> {
          ZooKeeper zk = notes.session();
          notes.ask(
              "all",
              () ->
                  zk.multi(
                      List.of(
                          Op.create("/m", bytes("1"), OPEN, CreateMode.PERSISTENT),
                          Op.create("/m/n", bytes("2"), OPEN, CreateMode.PERSISTENT),
                          Op.setData("/m", bytes("3"), 0),
                          Op.check("/m", 1),
                          Op.delete("/m/n", 0))));
          notes.ask("stat", stat(zk, "/m"));
          notes.ask(
              "none",
              () ->
                  zk.multi(
                      List.of(
                          Op.setData("/m", bytes("4"), -1),
                          Op.check("/m", 1),
                          Op.delete("/m", -1))));
          notes.ask(
              "none",
              () ->
                  zk.multi(
                      List.of(
                          Op.create("/x", bytes("1"), OPEN, CreateMode.PERSISTENT),
                          Op.create("/m", bytes("1"), Arrays.asList(), CreateMode.PERSISTENT))));
          notes.ask("none", stat(zk, "/x"));
          notes.ask(
              "reads",
              () -> zk.multi(List.of(Op.getData("/m"), Op.getData("/none"), Op.getChildren("/"))));
        });
  }

  @Test
  void watches_tellOnce_andBeforeAnswers() throws Exception {
    bothAnswerAlike(
        notes -> {
          ZooKeeper zk = notes.session();
          ZooKeeper other = notes.session();
          notes.ask("exists", () -> zk.exists("/w", notes.watcher("exist")));
          notes.ask("children", () -> zk.getChildren("/", notes.watcher("children")).size());
          notes.ask("create", () -> other.create("/w", bytes("1"), OPEN, CreateMode.PERSISTENT));
          notes.settle(zk);
          notes.ask("data", () -> zk.getData("/w", notes.watcher("data"), null));
          notes.ask("set", () -> other.setData("/w", bytes("2"), -1));
          notes.ask("set", () -> other.setData("/w", bytes("3"), -1));
          notes.settle(zk);
          notes.ask("data", () -> zk.getData("/w", notes.watcher("data again"), null));
          notes.ask("delete", () -> deleted(other, "/w", -1));
          notes.settle(zk);
          notes.ask("own", () -> zk.exists("/w", notes.watcher("own")));
          notes.ask("create", () -> zk.create("/w", bytes("1"), OPEN, CreateMode.PERSISTENT));
          notes.ask("absent", () -> zk.getData("/none", notes.watcher("never"), null));
          notes.ask("create", () -> zk.create("/none", null, OPEN, CreateMode.PERSISTENT));
          notes.settle(zk);
        });
  }

  @ParameterizedTest
  @EnumSource(AddWatchMode.class)
  void lastingWatches_tellAgainAndAgain(AddWatchMode mode) throws Exception {
    bothAnswerAlike(
        notes -> {
          ZooKeeper zk = notes.session();
          notes.ask("top", () -> zk.create("/p", null, OPEN, CreateMode.PERSISTENT));
          Watcher watcher = notes.watcher("lasting");
          notes.ask("add", () -> added(zk, "/p", watcher, mode));
          notes.ask("a", () -> zk.create("/p/a", null, OPEN, CreateMode.PERSISTENT));
          notes.ask("b", () -> zk.create("/p/a/b", null, OPEN, CreateMode.PERSISTENT));
          notes.ask("set", () -> zk.setData("/p/a/b", bytes("x"), -1));
          notes.ask("set", () -> zk.setData("/p", bytes("x"), -1));
          notes.ask("delete", () -> deleted(zk, "/p/a/b", -1));
          notes.ask("delete", () -> deleted(zk, "/p/a", -1));
          notes.settle(zk);
          notes.ask("remove", () -> removed(zk, "/p", watcher));
          notes.ask("set", () -> zk.setData("/p", bytes("y"), -1));
          notes.settle(zk);
        });
  }

  private static Object removed(ZooKeeper zk, String path, Watcher watcher)
      throws InterruptedException, KeeperException {
    zk.removeWatches(path, watcher, Watcher.WatcherType.Any, false);
    return "removed";
  }

  private static Object added(ZooKeeper zk, String path, Watcher watcher, AddWatchMode mode)
      throws InterruptedException, KeeperException {
    zk.addWatch(path, watcher, mode);
    return "added";
  }

  @Test
  void lists_sayWhoMay() throws Exception {
    bothAnswerAlike(
        notes -> {
          ZooKeeper zk = notes.session();
          ZooKeeper other = notes.session();
          zk.addAuthInfo("digest", bytes("ann:secret"));
          notes.ask(
              "create",
              () -> zk.create("/l", bytes("x"), Ids.CREATOR_ALL_ACL, CreateMode.PERSISTENT));
          notes.ask(
              "nobody", () -> other.create("/o", null, Ids.CREATOR_ALL_ACL, CreateMode.PERSISTENT));
          notes.ask(
              "empty", () -> other.create("/o", null, Arrays.asList(), CreateMode.PERSISTENT));
          notes.ask("own", () -> zk.getData("/l", false, null));
          notes.ask("other", () -> other.getData("/l", false, null));
          notes.ask("other stat", stat(other, "/l"));
          notes.ask("other set", () -> other.setData("/l", null, -1));
          notes.ask("other child", () -> other.create("/l/x", null, OPEN, CreateMode.PERSISTENT));
          notes.ask("list", () -> zk.getACL("/l", new Stat()));
          notes.ask("other list", () -> other.getACL("/l", new Stat()));
          List<ACL> readable =
              Arrays.asList( // the client asks it for null
                  new ACL(Perms.ALL, new Id("auth", "")),
                  new ACL(Perms.READ, Ids.ANYONE_ID_UNSAFE),
                  new ACL(Perms.READ, Ids.ANYONE_ID_UNSAFE));
          notes.ask("other sets list", () -> other.setACL("/l", OPEN, -1));
          notes.ask("set list", () -> zk.setACL("/l", readable, 0));
          notes.ask("set old list", () -> zk.setACL("/l", readable, 0));
          notes.ask("other", () -> other.getData("/l", false, null));
          notes.ask("masked", () -> other.getACL("/l", new Stat()));
          notes.ask(
              "bad", () -> zk.setACL("/l", Arrays.asList(new ACL(1, new Id("none", "x"))), -1));
          notes.ask("child", () -> zk.create("/l/c", null, OPEN, CreateMode.PERSISTENT));
          notes.ask("other deletes", () -> deleted(other, "/l/c", -1));
          notes.ask(
              "local",
              () -> zk.setACL("/l", Arrays.asList(new ACL(31, new Id("ip", "127.0.0.0/8"))), -1));
          notes.ask("other", () -> other.getData("/l", false, null));
          notes.ask("open", () -> zk.getACL("/", new Stat()));
          notes.ask("who", () -> zk.whoAmI().stream().map(Object::toString).sorted().toList());
        });
  }

  @Test
  void listOfTheRoot_isNoVersionOfItsData() throws Exception {
    bothAnswerAlike(
        notes -> {
          ZooKeeper zk = notes.session();
          notes.ask("set list", () -> zk.setACL("/", OPEN, 0));
          notes.ask("root", stat(zk, "/"));
          notes.ask("set list again", () -> zk.setACL("/", OPEN, 1));
          notes.ask("check later", () -> zk.multi(List.of(Op.check("/", 1))));
          notes.ask("check", () -> zk.multi(List.of(Op.check("/", 0))).size());
          notes.ask("set later", () -> zk.setData("/", bytes("root"), 1));
          notes.ask("set", () -> zk.setData("/", bytes("root"), 0));
          notes.ask("set old", () -> zk.setData("/", bytes("x"), 0));
          notes.ask("set list after data", () -> zk.setACL("/", OPEN, 2));
          notes.ask("root", stat(zk, "/"));
          notes.ask("set more", () -> zk.setData("/", null, 1));
        });
  }

  @Test
  void root_thatHasNoData_isOfVersionZero() throws Exception {
    bothAnswerAlike(
        notes -> {
          ZooKeeper zk = notes.session();
          notes.ask("set later", () -> zk.setData("/", bytes("root"), 5));
          notes.ask("check later", () -> zk.multi(List.of(Op.check("/", 5))));
          notes.ask("set", () -> zk.setData("/", bytes("root"), 0));
          notes.ask("set list", () -> zk.setACL("/", OPEN, 0));
          notes.ask("root", stat(zk, "/"));
        });
  }
}
