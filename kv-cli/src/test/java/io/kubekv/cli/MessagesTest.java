package io.kubekv.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.PutRequest;
import io.kubekv.cli.ServerUnderTest.Ran;
import io.kubekv.contract.UserMessage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What people are told when a verb fails: what, where and what to do, on one line. */
class MessagesTest {
  @TempDir static Path folder;

  private static Places places;

  @BeforeAll
  static void open() throws Exception {
    places = new Places(folder);
    var unused =
        Await.change(
            places.server().store().put(PutRequest.of(Key.of("greeting"), Bytes.utf8("hello"))));
  }

  @AfterAll
  static void close() {
    places.close();
  }

  private static Ran run(Map<String, String> more, String in, String line) {
    Map<String, String> environment = new TreeMap<>(places.environment());
    environment.putAll(more);
    String[] args =
        Arrays.stream(places.filled(line).split(" "))
            .map(word -> word.equals("''") ? "" : word)
            .toArray(String[]::new);
    return ServerUnderTest.run(
        environment, new ByteArrayOutputStream(), in.getBytes(StandardCharsets.UTF_8), args);
  }

  private static void assertSays(Ran ran, int exitCode, String said) {
    UserMessage.requireForPeople(ran.err());
    assertThat(ran.err().strip().lines().findFirst().orElse(""))
        .isEqualTo("kubekv: " + places.filled(said));
    assertThat(ran.exitCode()).isEqualTo(exitCode);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
"""
get a --server {closed}|the server {closed} cannot be asked: nothing listens there (connection refused); start one there with kubekv serve, or name another with --server or KUBEKV_SERVER
put a b --server {closed}|the server {closed} cannot be asked: nothing listens there (connection refused); start one there with kubekv serve, or name another with --server or KUBEKV_SERVER
list --server {closed}|the server {closed} cannot be asked: nothing listens there (connection refused); start one there with kubekv serve, or name another with --server or KUBEKV_SERVER
status --server {closed}|the server {closed} cannot be asked: nothing listens there (connection refused); start one there with kubekv serve, or name another with --server or KUBEKV_SERVER
members --server {closed}|the server {closed} cannot be asked: nothing listens there (connection refused); start one there with kubekv serve, or name another with --server or KUBEKV_SERVER
lock l --server {closed} -- true|the server {closed} cannot be asked: nothing listens there (connection refused); start one there with kubekv serve, or name another with --server or KUBEKV_SERVER
export {folder}/x --server {closed}|the server {closed} cannot be asked: nothing listens there (connection refused); start one there with kubekv serve, or name another with --server or KUBEKV_SERVER
get a --server {web}|the server {web} cannot be asked: what listens there answers in another protocol; its gRPC port is wanted, 2390 unless its --grpc-listen says otherwise; if it speaks TLS, say --tls or --cacert
get a --server {no-kubekv}|the server {no-kubekv} cannot be asked: what listens there is no kubekv; its gRPC port is wanted, 2390 unless its --grpc-listen says otherwise
get a --server {no-kubekv} --tls|the server {no-kubekv} cannot be asked: it speaks no TLS, and TLS is wanted; leave out what asks for TLS (--tls, --cacert, --cert), or look at the port
get a --server {tls} --tls|the server {tls} cannot be asked: its certificate is of an authority that is not trusted; give the authority's certificate with --cacert
get a --server {tls} --cacert {cert}|the server {tls} cannot be asked: its certificate is of an authority that is not trusted; give the authority's certificate with --cacert
get a --server {tls-named} --cacert {ca-named}|the server {tls-named} cannot be asked: its certificate is for another name; name the server as its certificate does, or give that with --server-name
get a --server {mtls} --cacert {ca}|the server {mtls} cannot be asked: it wants a client certificate that it trusts; give one that its authority has signed, with --cert and --key
get a --server {mtls} --cacert {ca} --cert {cert} --key {key}|the server {mtls} cannot be asked: it wants a client certificate that it trusts; give one that its authority has signed, with --cert and --key
get a --server nowhere.invalid:2390|the server nowhere.invalid:2390 cannot be asked: no address of its host is known; look at the name in --server, KUBEKV_SERVER or the context
get a --server {silent} --timeout 20ms|the server {silent} cannot be asked: no answer came in time; look whether it runs; a call may take 20ms (--timeout)
""")
  void unreachable_saysWhereWhyAndWhatToDo(String line, String said) {
    assertSays(run(Map.of(), "", line), 3, said);
  }

  @Test
  void plainTextToATlsPort_asksForTls() {
    Ran ran = run(Map.of(), "", "get a --server {tls}");

    assertThat(ran.exitCode()).isEqualTo(3);
    UserMessage.requireForPeople(ran.err());
    assertThat(ran.err()).contains("if it speaks TLS, say --tls or --cacert");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
"""
get|kubekv get needs KEY
auth can-i|kubekv auth can-i needs VERB and KEY
get a --server|--server needs a value: HOST:PORT
get --foo a|kubekv get has no option --foo
get --prefx|kubekv get has no option --prefx: did you mean --prefix?
session|kubekv session needs a verb: create, renew, destroy, list, show or keys
context|kubekv context needs a verb: list, use, set or delete
auth|kubekv auth needs a verb: can-i
get a --serv x|kubekv get has no option --serv: did you mean --server?
get a --timout 5s|kubekv get has no option --timout: did you mean --timeout?
get a b|'b' is one argument too many for kubekv get
gte a|kubekv has no verb 'gte': did you mean get?
ls|kubekv has no verb 'ls': did you mean list?
rm a|kubekv has no verb 'rm': did you mean delete?
xyzzy|kubekv has no verb 'xyzzy'
help xyzzy|kubekv has no verb 'xyzzy'
session crate|kubekv session has no verb 'crate': did you mean create?
get a --timeout 6|--timeout: '6' is not a duration such as 500ms, 6s or 5m
put a b --ttl soon|--ttl: 'soon' is not a duration such as 500ms, 6s or 5m
list -o xml|--output: 'xml' is not value, table, json, yaml or jsonpath=TEMPLATE
list -o jsonpath={.key|--output: '{.key' is no JSONPath template: a brace has no other
list -o jsonpath={value}|--output: 'value' is no JSONPath template: a path is made of .FIELD, ['FIELD'], [N] and [*]
watch a --count x|--count: 'x' is not a whole number
cost --replicas 99999999999|--replicas: '99999999999' is not a whole number of at most 2147483647
cost --rate often|--rate: 'often' is not a number
help ls|kubekv has no verb 'ls': did you mean list?
man gte|kubekv has no verb 'gte': did you mean get?
help session crate|kubekv session has no verb 'crate': did you mean create?
get a --server x --server y|--server is given twice
completion tcsh|SHELL: 'tcsh' is not bash, zsh or fish
auth can-i fly a|VERB: 'fly' is not get, put or delete
get \ufffd|argument 2 is not text in UTF-8, or the locale is not (LANG=C.UTF-8 is one); bytes of a value come by --file or standard input
""")
  void wrongUsage_isTwoLines_theErrorAndWhereTheHelpIs(String line, String said) {
    Ran ran = run(Map.of(), "", line);

    assertSays(ran, 2, said);
    assertThat(ran.err().lines()).hasSize(2);
    assertThat(ran.err().lines().toList().getLast()).matches("See: kubekv[a-z -]* --help");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
"""
put a b --ttl 0s|--ttl 0s is no time to live: leave it out for a key that does not end
session create --ttl 0s|--ttl 0s is no time to live: leave it out for a session that does not end by itself
put a b --flags -1|'-1' is not a number for --flags
put a b --if-absent --if-present|--if-absent, --if-present and --if-revision or --if-value exclude each other
put a b --if-revision x|'x' is not a revision
put a --file {folder}/nowhere|--file: there is no file {folder}/nowhere
put a --file {folder}|--file: {folder} is a folder
put a b --file {text}|VALUE and --file exclude each other
get a --prefix --tree|--prefix and --tree exclude each other
watch|say which KEY; with --prefix and none it is every key
delete '' --prefix|an empty prefix means every key: say --all as well
get a --rev x|'x' is not a revision
session show x|'x' is not a session's id (a UUID)
get a --server nowhere|--server: 'nowhere' is not a host and a port, as kubekv.example:2390
get a --server http://127.0.0.1:2390|--server: 'http://127.0.0.1:2390' is not a host and a port, as kubekv.example:2390
get a --timeout 0s|--timeout: '0s' is no time at all: more is wanted
get a --cert {cert}|--cert and --key go together
get a --cacert {folder}/nowhere.pem|--cacert: there is no file {folder}/nowhere.pem
get a --cacert {text}|--cacert: the file has no certificate (PEM, BEGIN CERTIFICATE)
get a --cacert {ca} --cert {cert} --key {text}|--key: the file has no private key in PKCS#8 (BEGIN PRIVATE KEY); openssl pkcs8 -topk8 -nocrypt makes one of another
get a --token-file {folder}/nowhere|--token-file: there is no file {folder}/nowhere
get a --context prod|there is no context 'prod' in {folder}/.config/kubekv/config: make one with kubekv context set NAME --server HOST:PORT
context use prod|there is no context 'prod' in {folder}/.config/kubekv/config: make one with kubekv context set NAME --server HOST:PORT
context set a.b --server {server}|'a.b' is no name of a context: letters, digits, - and _ are
context set prod|say what it is: --server HOST:PORT, and what else
auth can-i put a --prefix|a put is of one key: leave out --prefix
import etcd2://|'etcd2://': it names no HOST:PORT
import ftp://{server}|'ftp://{server}' is no file or directory, etcd2://, etcd3:// or consul:// address
txn {folder}/nowhere|cannot read the transaction: there is no file {folder}/nowhere
txn {text}|line 1: 'hello' is no comparison, as mod("KEY") = 7 or value("KEY") = "TEXT"
""")
  void wrongArgument_isNamed(String line, String said) {
    assertSays(run(Map.of(), "", line), 2, said);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
"""
1|get nowhere|nowhere: no such key
1|get /greeting|/greeting: no such key; there is the key 'greeting', without the slash
1|get /nowhere|/nowhere: no such key; keys of the etcd v2 API have no slash in front: /a is the key a
0|list /docker|no key begins with /docker; keys of the etcd v2 API have no slash in front: /a is the key a
1|put greeting x --if-absent|greeting: the key exists (greeting at revision 2)
1|session show 7d9d0a40-0000-4000-8000-000000000000|7d9d0a40-0000-4000-8000-000000000000: no such session
1|export {text}|{text} exists: say --overwrite to replace it
1|export {folder}|{folder} is a folder: name a file in it
1|export {folder}/none/x|cannot write {folder}/none/x: there is no folder {folder}/none (of {folder}/none/x.partial)
1|export {text}/x|cannot write {text}/x: {text}/x.partial: Not a directory
1|import {folder}/nowhere|cannot read {folder}/nowhere: there is no file {folder}/nowhere
1|import {text}|{text} is no export of kubekv, or is damaged: line 1 is no JSON
1|import {empty}|{empty} is damaged: it has no last line with a checksum
1|import {binary}|cannot read {binary}: it is not UTF-8 text
1|import {half}|{half} is damaged: it has no last line with a checksum
1|import {no-json}|{no-json} is no export of kubekv, or is damaged: line 2 is no JSON
1|import {no-entry}|{no-entry} is no export of kubekv, or is damaged: line 2 is no entry
1|import {newer}|{newer} has version 9; this program reads 1
1|import {wrong-sum}|{wrong-sum} is damaged: its checksum is not that of its lines
1|import {folder}/etcd|{folder}/etcd: no snapshot of etcd is in it. It writes the first after --snapshot-count changes; start that etcd once more with --snapshot-count=1, and stop it
3|import etcd2://{closed}|http://{closed}/v2/keys/?recursive=true&sorted=true&quorum=true cannot be asked: nothing listens there (connection refused)
3|import etcd3://{closed}|http://{closed}/v3/kv/range cannot be asked: nothing listens there (connection refused)
3|import consul://{web}|http://{web}/v1/kv/?recurse&consistent answers with something that is no JSON: is it this kind of server?
127|lock l -- nowhere-at-all|nowhere-at-all: no such command, or not executable
126|lock l -- {text}|{text}: no such command, or not executable
""")
  void refused_saysWhatAndWhy(int exitCode, String line, String said) {
    assertSays(run(Map.of(), "", line), exitCode, said);
  }

  @ParameterizedTest(name = "{0}={1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
"""
KUBEKV_SERVER|nowhere|KUBEKV_SERVER: 'nowhere' is not a host and a port, as kubekv.example:2390
KUBEKV_TIMEOUT|6|KUBEKV_TIMEOUT: '6' is not a duration such as 500ms, 6s or 5m
KUBEKV_TLS|yes|KUBEKV_TLS: 'yes' is not true or false
KUBEKV_CACERT|/nonexistent/ca|KUBEKV_CACERT: there is no folder /nonexistent (of /nonexistent/ca)
KUBEKV_TOKEN_FILE|/nonexistent/token|KUBEKV_TOKEN_FILE: there is no folder /nonexistent (of /nonexistent/token)
KUBEKV_CLIENT_CONTEXT|prod|there is no context 'prod' in {folder}/.config/kubekv/config: make one with kubekv context set NAME --server HOST:PORT
""")
  void wrongVariable_isNamed(String name, String value, String said) {
    assertSays(run(Map.of(name, value), "", "get a"), 2, said);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
"""
prod.sever = a:1|{folder}/{case}/kubekv/config has a line 'prod.sever', which kubekv does not know: did you mean server?
current-contxt = a|{folder}/{case}/kubekv/config has a line 'current-contxt', which kubekv does not know: did you mean current-context?
current-context = a|there is no context 'a' in {folder}/{case}/kubekv/config: make one with kubekv context set NAME --server HOST:PORT
current-context = a\\u000ab.server = b:1|there is no context 'a' in {folder}/{case}/kubekv/config: it has b
current-context = a\\u000aa.timeout = 6|timeout of context a: '6' is not a duration such as 500ms, 6s or 5m
""")
  void wrongContexts_areNamed(String content, String said) throws Exception {
    String name = "case" + Integer.toHexString(content.hashCode());
    Path home = folder.resolve(name);
    Files.writeString(
        Files.createDirectories(home.resolve("kubekv")).resolve("config"),
        content.replace("\\u000a", "\n"));
    Map<String, String> environment = new TreeMap<>();
    environment.put("XDG_CONFIG_HOME", home.toString());
    environment.put("KUBEKV_SERVER", "");

    assertSays(run(environment, "", "get a"), 2, said.replace("{case}", name));
  }

  @Test
  void fullDisk_isSaid() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(
        mounts("mount", "-t", "tmpfs", "-o", "size=64k", "kubekv-test", disk.toString()),
        "only who may mount a small disk can fill one");
    try {
      var unused =
          Await.change(
              places
                  .server()
                  .store()
                  .put(PutRequest.of(Key.of("large"), Bytes.utf8("x".repeat(200_000)))));

      assertSays(
          run(Map.of(), "", "export " + disk + "/x"),
          1,
          "cannot write " + disk + "/x: No space left on device");
    } finally {
      assertThat(mounts("umount", disk.toString())).isTrue();
    }
  }

  private static boolean mounts(String... command) throws Exception {
    return new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }
}
