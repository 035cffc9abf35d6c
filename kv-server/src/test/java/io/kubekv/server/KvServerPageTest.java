package io.kubekv.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.Revision;
import io.kubekv.export.ExportFile;
import io.kubekv.export.Item;
import io.kubekv.transport.http.RawHttp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of a whole server, on the operations port, with grants and tokens from files. */
class KvServerPageTest {
  private static final Pattern TOKEN = Pattern.compile("name=\"token\" value=\"(\\w+)\"");

  private static final String RBAC =
      """
      kind: ClusterRole
      metadata: {name: app}
      rules:
      - {nonResourceURLs: ["/kv/default/app/*"], verbs: [get, put, delete]}
      ---
      kind: ClusterRoleBinding
      metadata: {name: app}
      roleRef: {kind: ClusterRole, name: app}
      subjects: [{kind: User, name: writer}]
      ---
      kind: ClusterRole
      metadata: {name: all}
      rules:
      - {nonResourceURLs: ["/kv/default", "/kv/default/*"], verbs: [get]}
      ---
      kind: ClusterRoleBinding
      metadata: {name: all}
      roleRef: {kind: ClusterRole, name: all}
      subjects: [{kind: User, name: reader}]
      """;

  @TempDir static Path folder;

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static KvServer server;

  @BeforeAll
  static void start() throws IOException {
    server =
        GrantedServer.start(
            folder,
            RBAC,
            "w,writer,1\nr,reader,2\n",
            Optional.empty(),
            new DoorsConfig(
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                new PageConfig(Optional.empty(), true, true)));
  }

  @AfterAll
  static void stop() {
    server.close();
    HTTP.shutdownNow();
  }

  private static String ops() {
    return server.opsUrl().orElseThrow();
  }

  private static HttpRequest.Builder as(String token, String path) {
    String pair = "anybody:" + token;
    String basic = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    return HttpRequest.newBuilder(URI.create(ops() + path))
        .header("Authorization", "Basic " + basic);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }

  private static String formToken(String user) throws Exception {
    HttpResponse<String> form = send(as(user, "/ui/edit?key=app%2Fx"));
    Matcher token = TOKEN.matcher(form.body());
    assertThat(token.find()).as(form.body()).isTrue();
    return token.group(1);
  }

  private static HttpResponse<String> save(String user, String token, String value)
      throws Exception {
    String body = "key=app%2Fx&revision=0&step=save&token=" + token + "&value=" + value;
    return send(
        as(user, "/ui/edit")
            .header("Origin", ops())
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(body)));
  }

  @Test
  void page_isOnTheOperationsPort_besideHealth() throws Exception {
    assertThat(server.pageUrl()).contains(ops() + "/ui/");
    assertThat(send(HttpRequest.newBuilder(URI.create(ops() + "/healthz"))).body())
        .isEqualTo("ok\n");
    assertThat(
            send(HttpRequest.newBuilder(URI.create(ops() + "/healthz"))
                    .POST(BodyPublishers.noBody()))
                .statusCode())
        .isEqualTo(405);
  }

  @Test
  void whoDoesNotSayWhoTheyAre_isAskedByTheBrowser() throws Exception {
    HttpResponse<String> asked = send(HttpRequest.newBuilder(URI.create(ops() + "/ui/")));

    assertThat(asked.statusCode()).isEqualTo(401);
    assertThat(asked.headers().firstValue("WWW-Authenticate").orElse("")).startsWith("Basic ");
    assertThat(asked.body()).contains("Who are you?");
    assertThat(send(as("nonsense", "/ui/")).statusCode()).isEqualTo(401);
  }

  @Test
  void everyUser_seesWhatIsGranted() throws Exception {
    assertThat(send(as("r", "/ui/")).statusCode()).isEqualTo(200);
    assertThat(send(as("r", "/ui/store")).body())
        .contains("Epoch", "holder", "Snapshot", "The API server is inside this process")
        .containsPattern("Answer of the API server</th><td>[0-9.]+ ms<")
        .containsPattern("Heap</th><td>[0-9.]+ MiB</td><td>[0-9.]+ MiB here")
        .doesNotContain("leader", "Leader")
        .containsPattern("<dt>replace</dt><dd>[1-9][0-9,]* <span class=\"cause\">[0-9.]+ a second");
    assertThat(send(as("w", "/ui/?prefix=app%2F")).statusCode()).isEqualTo(200);
    assertThat(send(as("r", "/ui/export")).body()).contains("\"sha256\"");
    assertThat(send(as("w", "/ui/export?prefix=app%2F")).body()).contains("\"sha256\"");
    for (String path :
        List.of("/ui/", "/ui/watch", "/ui/events", "/ui/key?key=b", "/ui/store", "/ui/export")) {
      HttpResponse<String> denied = send(as("w", path));
      assertThat(denied.statusCode()).as(path).isEqualTo(403);
      assertThat(denied.body()).contains("Not allowed", "\"writer\" may not get");
    }
  }

  @Test
  void change_needsTheGrant_andTheUsersOwnForm_andIsWrittenDown() throws Exception {
    assertThat(save("r", formToken("r"), "no").statusCode()).isEqualTo(403);
    assertThat(save("w", formToken("r"), "no").statusCode()).isEqualTo(403);
    assertThat(save("w", formToken("w"), "yes").statusCode()).isEqualTo(303);

    assertThat(send(as("w", "/ui/key?key=app%2Fx")).body()).contains("yes");
    assertThat(Files.readString(folder.resolve("audit.log")))
        .contains("writer")
        .contains("/kv/default/app/x");
  }

  private static HttpResponse<String> importing(String user, String step, String more)
      throws Exception {
    Matcher token = TOKEN.matcher(send(as(user, "/ui/import")).body());
    assertThat(token.find()).isTrue();
    String part = "--B\r\nContent-Disposition: form-data; name=";
    String body =
        (part + "\"token\"\r\n\r\n" + token.group(1) + "\r\n")
            + (part + "\"step\"\r\n\r\n" + step + "\r\n")
            + (part + more + "\r\n--B--\r\n");
    return send(
        as(user, "/ui/import")
            .header("Origin", ops())
            .header("Content-Type", "multipart/form-data; boundary=B")
            .POST(BodyPublishers.ofString(body)));
  }

  /** An export of two keys, one of which the writer may not touch. */
  private static String exported() throws Exception {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    ExportFile.Writer writer = new ExportFile.Writer(file, 1, new Revision(1));
    writer.add(Item.of(Key.of("app/imported"), Bytes.utf8("x".repeat(900_000))));
    writer.add(Item.of(Key.of("other/key"), Bytes.utf8("x")));
    var unused = writer.finish();
    return file.toString(StandardCharsets.UTF_8);
  }

  @Test
  void import_writesWhatIsGranted_andSaysWhatIsNot() throws Exception {
    String file = "\"file\"; filename=\"f\"\r\n\r\n" + exported();

    HttpResponse<String> reader = importing("r", "look", file);
    HttpResponse<String> look = importing("w", "look", file);
    Matcher form =
        Pattern.compile("name=\"revision\" value=\"(\\d+)\"[^~]*name=\"content\" value=\"([^\"]+)")
            .matcher(look.body());
    assertThat(form.find()).as(look.body()).isTrue();
    String fields =
        ("\"revision\"\r\n\r\n" + form.group(1) + "\r\n--B\r\n")
            + ("Content-Disposition: form-data; name=\"content\"\r\n\r\n" + form.group(2));
    HttpResponse<String> done = importing("w", "write", fields);

    assertThat(reader.body()).contains("<strong>2</strong> refused", "you may not put this key");
    assertThat(look.body())
        .contains("<strong>1</strong> new", "<strong>1</strong> refused")
        .contains("\"writer\" may not get");
    assertThat(done.statusCode()).as(done.body()).isEqualTo(200);
    assertThat(done.body()).contains("1 written", "<strong>1</strong> refused");
    assertThat(send(as("r", "/ui/key?key=app%2Fimported")).statusCode()).isEqualTo(200);
    assertThat(send(as("r", "/ui/key?key=other%2Fkey")).statusCode()).isEqualTo(404);
    assertThat(Files.readString(folder.resolve("audit.log")))
        .containsPattern("writer[^\n]*/kv/default/app/imported");
  }

  /** A page of the web whose name was made to lead here shows that name. */
  @Test
  void nameOfAnother_isRefused() throws Exception {
    URI uri = URI.create(ops());
    try (RawHttp http = new RawHttp(new InetSocketAddress(uri.getHost(), uri.getPort()))) {
      http.send("GET /ui/ HTTP/1.1\r\nHost: evil.example.com\r\n\r\n");

      assertThat(http.answer().status()).isEqualTo(421);
    }
  }

  @Test
  void requests_areCounted() throws Exception {
    send(as("r", "/ui/"));

    assertThat(send(HttpRequest.newBuilder(URI.create(ops() + "/metrics"))).body())
        .contains("door=\"page\"");
  }
}
