package io.kubekv.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.Limits;
import io.kubekv.transport.access.CertificateUsers;
import io.kubekv.transport.access.Gate;
import io.kubekv.transport.access.Identities;
import io.kubekv.transport.access.User;
import io.kubekv.transport.access.Verb;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Users and their grants, where they are asked for. */
class AccessTest {
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<String> audited = new CopyOnWriteArrayList<>();
  private final Gate gate =
      new Gate(
          "test",
          Limits.DEFAULT,
          new Identities(
              CertificateUsers.bySubject(),
              token ->
                  token.startsWith("user-")
                      ? Optional.of(new User(token, List.of()))
                      : Optional.empty(),
              false),
          (user, verb, path) -> user.name().equals("user-all") || path.startsWith("/kv/test/open/"),
          Duration.ofSeconds(10),
          (user, verb, what, outcome, revision) ->
              audited.add(user.name() + " " + verb + " " + outcome),
          threads);
  private final DoorUnderTest door = DoorUnderTest.open(Optional.of(gate));
  private final Notes notes = new Notes(door);

  @SuppressWarnings("NullAway.Init")
  private ZooKeeper zk;

  @BeforeEach
  void connect() throws Exception {
    zk = notes.session();
  }

  @AfterEach
  void close() throws Exception {
    notes.close();
    door.close();
    gate.close();
    threads.close();
  }

  private void is(String token) {
    zk.addAuthInfo("bearer", token.getBytes(StandardCharsets.UTF_8));
  }

  private String made(String path) throws Exception {
    return zk.create(path, new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
  }

  @Test
  void nobody_mayNothing() {
    assertThatThrownBy(() -> made("/a")).isInstanceOf(KeeperException.NoAuthException.class);
    assertThatThrownBy(() -> zk.exists("/a", false))
        .isInstanceOf(KeeperException.NoAuthException.class);
    assertThatThrownBy(() -> zk.addWatch("/", event -> {}, AddWatchMode.PERSISTENT_RECURSIVE))
        .isInstanceOf(KeeperException.NoAuthException.class);
  }

  @Test
  void user_ofAToken_mayWhatIsGranted_andThatIsWrittenDown() throws Exception {
    is("user-all");

    assertThat(made("/a")).isEqualTo("/a");
    assertThat(zk.exists("/a", false)).isNotNull();
    assertThat(audited).anyMatch(line -> line.startsWith("user-all " + Verb.PUT));
  }

  @Test
  void user_withFewGrants_isRefusedTheRest() {
    is("user-few");

    assertThatThrownBy(() -> zk.getData("/a", false, null))
        .isInstanceOf(KeeperException.NoAuthException.class);
    assertThatThrownBy(() -> zk.getChildren("/", false))
        .isInstanceOf(KeeperException.NoAuthException.class);
    assertThatThrownBy(() -> zk.addWatch("/", event -> {}, AddWatchMode.PERSISTENT_RECURSIVE))
        .isInstanceOf(KeeperException.NoAuthException.class);
  }

  @Test
  void user_mayMakeNodesWhereItIsGranted_thoughItMayNotReadTheOneAbove() throws Exception {
    is("user-all");
    made("/open");
    ZooKeeper few = notes.session();
    few.addAuthInfo("bearer", "user-few".getBytes(StandardCharsets.UTF_8));

    assertThat(few.create("/open/x", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT))
        .isEqualTo("/open/x");
    assertThat(few.exists("/open/x", false)).isNotNull();
    assertThatThrownBy(() -> few.create("/x", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT))
        .isInstanceOf(KeeperException.NoAuthException.class);
    assertThatThrownBy(() -> few.setACL("/none", Ids.OPEN_ACL_UNSAFE, -1))
        .isInstanceOf(KeeperException.NoAuthException.class);
  }

  @Test
  void requests_areCounted() throws Exception {
    is("user-all");
    made("/a");

    assertThat(door.metrics().page())
        .contains("kubekv_request_seconds_count{door=\"zookeeper\",verb=\"create2\"")
        .contains("kubekv_connections{door=\"zookeeper\"} 1.0");
  }
}
