package io.kubekv.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.KeyValueStore;
import io.kubekv.consul.ConsulDoor;
import io.kubekv.engine.EngineStore;
import io.kubekv.etcdv2.EtcdV2Door;
import io.kubekv.transport.access.Dialect;
import io.kubekv.transport.http.HttpHandler;
import io.kubekv.transport.http.HttpLimits;
import io.kubekv.transport.http.HttpListener;
import io.kubekv.transport.http.RawHttp;
import io.kubekv.transport.http.RawHttp.Answer;
import io.kubekv.transport.watch.WatchHub;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One store behind two doors: what one writes, the other reads, at the same revision. */
class CrossDoorTest {
  private static final int A_WHILE = 200;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final KeyValueStore store = EngineStore.inMemory();
  private final WatchHub hub = WatchHub.open(store, Thread.ofVirtual().factory());
  private final Dialect consulDoor = ConsulDoor.dialect(store, hub, threads);
  private HttpListener etcdListener;
  private HttpListener consulListener;
  private RawHttp etcd;
  private RawHttp consul;

  @BeforeEach
  void open() throws IOException {
    etcdListener = listener(EtcdV2Door.dialect(store, hub));
    consulListener = listener(consulDoor);
    etcd = client(etcdListener);
    consul = client(consulListener);
  }

  @AfterEach
  void close() throws IOException {
    etcd.close();
    consul.close();
    etcdListener.close();
    consulListener.close();
    hub.close();
    consulDoor.close();
    store.close();
    threads.close();
  }

  private HttpListener listener(HttpHandler door) throws IOException {
    return HttpListener.start("127.0.0.1", 0, HttpLimits.DEFAULT, door, threads);
  }

  private static RawHttp client(HttpListener listener) throws IOException {
    return new RawHttp(new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.port()));
  }

  private Answer etcd(String method, String target, String form) throws IOException {
    return etcd.request(method, "/v2/keys" + target, form).answer();
  }

  private Answer consul(String method, String target, String body) throws IOException {
    return consul.request(method, "/v1/" + target, body).answer();
  }

  private String session() throws IOException {
    String created = consul("PUT", "session/create", "{\"LockDelay\":0}").body();
    return created.substring("{\"ID\":\"".length(), created.length() - "\"}".length());
  }

  @Test
  void read_ofTheOthersKey_hasTheSameRevision() throws IOException {
    etcd("PUT", "/e", "value=1");
    consul("PUT", "kv/c", "2");

    assertThat(consul("GET", "kv/e", "").body())
        .contains("\"Value\":\"MQ==\"", "\"CreateIndex\":2,\"ModifyIndex\":2");
    assertThat(etcd("GET", "/c", "").body())
        .contains("\"value\":\"2\",\"modifiedIndex\":3,\"createdIndex\":3");
  }

  @Test
  void compareAndSwap_onTheOthersRevision() throws IOException {
    etcd("PUT", "/k", "value=1");

    assertThat(consul("PUT", "kv/k?cas=2", "2").body()).isEqualTo("true");
    assertThat(etcd("PUT", "/k?prevIndex=2", "value=3").status()).isEqualTo(412);
    assertThat(etcd("PUT", "/k?prevIndex=3", "value=3").status()).isEqualTo(200);
    assertThat(consul("PUT", "kv/k?cas=3", "4").body()).isEqualTo("false");
    assertThat(consul("DELETE", "kv/k?cas=4", "").body()).isEqualTo("true");
    assertThat(etcd("GET", "/k", "").status()).isEqualTo(404);
  }

  @Test
  void watch_seesTheOthersChanges() throws IOException {
    consul("PUT", "kv/k", "1");
    try (RawHttp etcdWaiter = client(etcdListener);
        RawHttp consulWaiter = client(consulListener)) {
      Answer head = etcdWaiter.request("GET", "/v2/keys/k?wait=true", "").head();
      consulWaiter.request("GET", "/v1/kv/k?index=2&wait=60s", "");
      assertThat(consulWaiter.isSilent(A_WHILE)).isTrue();
      etcd("PUT", "/k", "value=2");

      assertThat(etcdWaiter.body(head).body())
          .startsWith(
              "{\"action\":\"set\",\"node\":{\"key\":\"/k\",\"value\":\"2\",\"modifiedIndex\":3");
      Answer woken = consulWaiter.answer();
      assertThat(woken.header("X-Consul-Index")).isEqualTo("3");

      etcdWaiter.request("GET", "/v2/keys/k?wait=true", "").head();
      consul("DELETE", "kv/k", "");
      assertThat(etcdWaiter.chunk()).startsWith("{\"action\":\"delete\"");
    }
  }

  @Test
  void lock_isHeldThroughPutsOfTheOther_untilItReplacesTheKey() throws IOException {
    String mine = session();
    consul("PUT", "kv/l?acquire=" + mine, "1");
    etcd("PUT", "/l", "value=2");

    assertThat(consul("GET", "kv/l", "").body())
        .contains("\"Value\":\"Mg==\",\"Session\":\"" + mine + "\"");
    assertThat(consul("PUT", "kv/l?acquire=" + session(), "3").body()).isEqualTo("false");
    assertThat(etcd("DELETE", "/l", "").status()).isEqualTo(200);
    assertThat(consul("PUT", "kv/l?acquire=" + session(), "3").body()).isEqualTo("true");
  }

  @Test
  void invalidation_isAnEventOfTheOther() throws IOException {
    String mine = session();
    consul("PUT", "kv/l?acquire=" + mine, "1");
    try (RawHttp waiter = client(etcdListener)) {
      waiter.request("GET", "/v2/keys/l?wait=true", "").head();
      consul("PUT", "session/destroy/" + mine, "");

      assertThat(waiter.chunk()).contains("\"key\":\"/l\"", "\"value\":\"1\"");
    }
  }

  @Test
  void directories_areKeysWithoutValueToConsul() throws IOException {
    etcd("PUT", "/d/e/k", "value=1");

    assertThat(consul("GET", "kv/d?keys", "").body()).isEqualTo("[\"d\",\"d/e\",\"d/e/k\"]");
    assertThat(consul("GET", "kv/d/?keys&separator=/", "").body()).isEqualTo("[\"d/e\",\"d/e/\"]");
    assertThat(consul("GET", "kv/d", "").body()).contains("\"Value\":null");
    assertThat(consul("PUT", "kv/d/e?cas=0", "x").body()).as("it is there").isEqualTo("false");
    assertThat(consul("DELETE", "kv/d/e", "").body()).isEqualTo("true");
    assertThat(etcd("GET", "/d/e/k", "").status()).as("the keys below stay").isEqualTo(200);
  }

  @Test
  void trailingAndEmptyElements_areOnlyConsuls() throws IOException {
    consul("PUT", "kv/t/", "1");
    consul("PUT", "kv/%2Fy", "1");
    consul("PUT", "kv/t", "2");

    assertThat(etcd("GET", "/t/", "").body()).contains("\"key\":\"/t\",\"value\":\"2\"");
    assertThat(etcd("GET", "?recursive=true", "").body()).doesNotContain("/y");
    assertThat(consul("GET", "kv/?keys", "").body()).isEqualTo("[\"/y\",\"t\",\"t/\"]");
  }

  @Test
  void flags_andBytes_surviveReadsOfEtcd_butNotItsPuts() throws IOException {
    consul("PUT", "kv/f?flags=42", "v");
    etcd("GET", "/f", "");
    assertThat(consul("GET", "kv/f", "").body()).contains("\"Flags\":42");
    etcd("PUT", "/f?prevExist=true", "value=w");
    assertThat(consul("GET", "kv/f", "").body()).contains("\"Flags\":0");

    consul.send("PUT /v1/kv/b HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n\u00ff\u0000");
    consul.answer();
    assertThat(etcd("GET", "/b", "").body()).contains("\"value\":\"\\ufffd\\u0000\"");
    assertThat(consul("GET", "kv/b", "").body()).contains("\"Value\":\"/wA=\"");
  }

  @Test
  void timeToLive_ofEtcd_endsWithAPutOfConsul() throws IOException {
    etcd("PUT", "/k", "value=1&ttl=3600");
    consul("PUT", "kv/k", "2");

    assertThat(etcd("GET", "/k", "").body()).doesNotContain("ttl").contains("\"value\":\"2\"");
  }
}
