package io.kubekv.e2e.page;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.PutRequest;
import io.kubekv.client.KubekvClient;
import io.kubekv.e2e.Finding;
import io.kubekv.e2e.StoreProcess;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * A running store with its page, and a browser that looks at it.
 *
 * @param base the address of the page, without a slash
 * @param findings takes what was found
 */
record World(Browser browser, KubekvClient client, String base, Findings findings)
    implements AutoCloseable {

  static World of(StoreProcess store, Browser browser, Findings findings) {
    String base = "http://" + StoreProcess.hostAndPort(store.operations()) + "/ui";
    KubekvClient client =
        KubekvClient.to(StoreProcess.hostAndPort(store.grpc())).plaintext().connect();
    return new World(browser, client, base, findings);
  }

  KeyValueStore store() {
    return client.store();
  }

  void put(String key, String value) {
    put(key, Bytes.utf8(value));
  }

  void put(String key, Bytes value) {
    Await.change(store().put(PutRequest.of(Key.of(key), value)));
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  void open(String path) {
    browser.open(base + path);
  }

  void openKey(String key) {
    open("/key?key=" + encoded(key));
  }

  void found(String what, boolean holds, String figure) {
    findings.add(Finding.of(what, holds, figure));
  }

  void found(String what, boolean holds) {
    found(what, holds, holds ? "yes" : "no: " + browser.url() + " shows " + shown());
  }

  private String shown() {
    String text = browser.text().replaceAll("\\s+", " ");
    return text.substring(0, Math.min(text.length(), 300));
  }

  @Override
  public void close() {
    client.close();
  }
}
