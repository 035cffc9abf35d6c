package io.kubekv.e2e.page;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.PutRequest;
import io.kubekv.client.KubekvClient;
import io.kubekv.e2e.Finding;
import io.kubekv.e2e.StoreProcess;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What users see and change who may do only some of it. */
final class Rights {
  private static final String GRANTS =
      """
      kind: ClusterRole
      metadata: {name: all}
      rules: [{nonResourceURLs: ["/kv/default", "/kv/default/*"], verbs: [get, put, delete]}]
      ---
      kind: ClusterRoleBinding
      metadata: {name: all}
      roleRef: {kind: ClusterRole, name: all}
      subjects: [{kind: User, name: root}]
      ---
      kind: ClusterRole
      metadata: {name: reader}
      rules: [{nonResourceURLs: ["/kv/default/app/*"], verbs: [get]}]
      ---
      kind: ClusterRoleBinding
      metadata: {name: reader}
      roleRef: {kind: ClusterRole, name: reader}
      subjects: [{kind: User, name: reader}]
      """;

  private static final String TOKENS = "root-token,root,1\nreader-token,reader,2\n";

  private final Browser browser;
  private final Findings findings;

  Rights(Browser browser, Findings findings) {
    this.browser = browser;
    this.findings = findings;
  }

  void run() throws IOException {
    Path folder = Files.createTempDirectory("kubekv-e2e-page");
    Path grants = Files.writeString(folder.resolve("grants.yaml"), GRANTS);
    Path tokens = Files.writeString(folder.resolve("tokens.csv"), TOKENS);
    try (StoreProcess store =
            StoreProcess.embedded(
                "--authorization-mode=RBAC",
                "--authorization-rbac-file=" + grants,
                "--token-auth-file=" + tokens,
                "--ui-writes");
        KubekvClient root =
            KubekvClient.to(StoreProcess.hostAndPort(store.grpc()))
                .plaintext()
                .token(() -> "root-token")
                .connect()) {
      Await.change(root.store().put(PutRequest.of(Key.of("app/a"), Bytes.utf8("seen"))));
      Await.change(root.store().put(PutRequest.of(Key.of("secret"), Bytes.utf8("hidden"))));
      look(StoreProcess.hostAndPort(store.operations()), root);
    } finally {
      Files.delete(grants);
      Files.delete(tokens);
      Files.delete(folder);
    }
  }

  private boolean shows(String text) {
    return browser.until(() -> browser.text().contains(text));
  }

  private void found(String what, boolean holds) {
    findings.add(Finding.of(what, holds, holds ? "yes" : "no: " + browser.text()));
  }

  /** By a request of its own: a browser that nobody sits at shows nothing of such an answer. */
  private void nobodyIsAsked(URI page) throws IOException {
    HttpURLConnection nobody = (HttpURLConnection) page.toURL().openConnection();
    int status = nobody.getResponseCode();
    String how = String.valueOf(nobody.getHeaderField("WWW-Authenticate"));
    String said = new String(nobody.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    boolean asked = status == 401 && how.startsWith("Basic ") && said.contains("Who are you?");
    findings.add(
        Finding.of(
            "who does not say who they are is asked", asked, asked ? "yes" : status + " " + said));
  }

  private void look(String address, KubekvClient root) throws IOException {
    nobodyIsAsked(URI.create("http://" + address + "/ui/"));
    String page = "http://reader:reader-token@" + address + "/ui";
    browser.open(page + "/");
    boolean all = shows("Not allowed") && browser.text().contains("may not get");
    browser.shoot("forbidden");
    browser.open(page + "/key?key=secret");
    boolean other = shows("Not allowed") && !browser.text().contains("hidden");
    browser.open(page + "/watch");
    boolean watch = shows("Not allowed");
    browser.open(page + "/store");
    boolean store = shows("Not allowed");
    browser.open(page + "/?prefix=app%2F");
    browser.until(() -> !browser.all("tbody a").isEmpty());
    browser.link("a").click();
    found(
        "a user sees what is granted, and is told what is not",
        all && other && watch && store && shows("seen"));
    browser.link("Edit").click();
    browser.until(() -> !browser.all("#edited").isEmpty());
    browser.find("#edited").sendKeys("changed");
    browser.step("preview").click();
    browser.until(() -> !browser.all("button[value=save]").isEmpty());
    browser.step("save").click();
    boolean refused = shows("Not allowed") && browser.text().contains("may not put");
    String value =
        Await.read(root.store().get(Key.of("app/a"), Freshness.LINEARIZABLE))
            .entry()
            .orElseThrow()
            .value()
            .toText();
    found("a user who may not put saves nothing", refused && value.equals("seen"));
  }
}
