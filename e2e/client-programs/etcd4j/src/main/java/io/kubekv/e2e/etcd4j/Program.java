package io.kubekv.e2e.etcd4j;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import mousio.client.retry.RetryNTimes;
import mousio.etcd4j.EtcdClient;
import mousio.etcd4j.promises.EtcdResponsePromise;
import mousio.etcd4j.requests.EtcdKeyRequest;
import mousio.etcd4j.responses.EtcdAuthenticationException;
import mousio.etcd4j.responses.EtcdException;
import mousio.etcd4j.responses.EtcdKeysResponse;

/**
 * Uses a store through etcd4j and says of each call whether it answered as etcd does: {@code ok NAME} or {@code not ok NAME} with the difference. The
 * argument is the store's URL.
 */
final class Program {
  private static final String ROOT = "/etcd4j";

  private final EtcdClient client;

  private Program(EtcdClient client) {
    this.client = client;
  }

  public static void main(String[] arguments) throws Exception {
    try (EtcdClient client = new EtcdClient(URI.create(arguments[0]))) {
      client.setRetryHandler(new RetryNTimes(20, 1));
      Program program = new Program(client);
      program.keys();
      program.conditions();
      program.directories();
      program.timeToLive();
      program.watches();
      program.others();
      client.deleteDir(ROOT).recursive().send().get();
    }
  }

  private void keys() throws Exception {
    String key = ROOT + "/k";
    check("put", tell(client.put(key, "one")), "set /k=one");
    check("get", tell(client.get(key)), "get /k=one");
    check("get consistent", tell(client.get(key).consistent()), "get /k=one");
    check("put again", tell(client.put(key, "two")), "set /k=two was /k=one");
    check("put of odd characters", tell(client.put(ROOT + "/odd", "a b\n+&=ü€%41<>")), "set /odd=a b\n+&=ü€%41<>");
    check("get of a missing key", tell(client.get(ROOT + "/no/key")), "100 Key not found (/no)");
    check("put with prevExist(false)", tell(client.put(key, "x").prevExist(false)), "105 Key already exists (/k)");
    check("put with prevExist(true)", tell(client.put(key, "three").prevExist(true)), "update /k=three was /k=two");
    check("put below a file", tell(client.put(key + "/x", "1")), "104 Not a directory (/k)");
    check("delete", tell(client.delete(key)), "delete /k was /k=three");
    check("delete of a missing key", tell(client.delete(key)), "100 Key not found (/k)");
  }

  private void conditions() throws Exception {
    String key = ROOT + "/c";
    EtcdKeysResponse first = client.put(key, "1").send().get();
    check("prevValue", tell(client.put(key, "2").prevValue("1")), "compareAndSwap /c=2 was /c=1");
    check("prevValue refused", tell(client.put(key, "3").prevValue("1")), "101 Compare failed ([1 != 2])");
    check("prevIndex refused", tell(client.put(key, "3").prevIndex(first.node.modifiedIndex)).startsWith("101 Compare failed"), true);
    EtcdKeysResponse now = client.get(key).send().get();
    check("createdIndex kept", now.node.createdIndex, first.node.createdIndex);
    check("prevIndex", tell(client.put(key, "3").prevIndex(now.node.modifiedIndex)), "compareAndSwap /c=3 was /c=2");
    check("delete with prevValue refused", tell(client.delete(key).prevValue("1")), "101 Compare failed ([1 != 3])");
    check("delete with prevValue", tell(client.delete(key).prevValue("3")), "compareAndDelete /c was /c=3");
  }

  private void directories() throws Exception {
    String directory = ROOT + "/d";
    check("putDir", tell(client.putDir(directory)), "set /d/");
    check("putDir again", tell(client.putDir(directory)), "102 Not a file (/d)");
    client.put(directory + "/b/c", "2").send().get();
    client.put(directory + "/a", "1").send().get();
    check("getDir", tell(client.getDir(directory).sorted()), "get /d/[/d/a=1, /d/b/]");
    check("getDir recursive", tell(client.getDir(directory).recursive().sorted()), "get /d/[/d/a=1, /d/b/[/d/b/c=2]]");
    check("deleteDir of a full directory", tell(client.deleteDir(directory)), "108 Directory not empty (/d)");
    check("deleteDir recursive", tell(client.deleteDir(directory).recursive()), "delete /d/ was /d/");
    EtcdKeysResponse job1 = client.post(ROOT + "/queue", "job 1").send().get();
    EtcdKeysResponse job2 = client.post(ROOT + "/queue", "job 2").send().get();
    check("post in order", job1.node.key.matches(".*/queue/\\d{20}") && job1.node.key.compareTo(job2.node.key) < 0, true);
  }

  private void timeToLive() throws Exception {
    String key = ROOT + "/t";
    EtcdKeysResponse put = client.put(key, "1").ttl(30).send().get();
    check("ttl", put.node.ttl, 30L);
    check("expiration", put.node.expiration != null, true);
    Change expired = new Change(() -> client.get(key).waitForChange(put.node.modifiedIndex + 1));
    check("refresh keeps the value", tell(client.refresh(key, 1).prevExist()), "update /t=1 was /t=1");
    check("expiry", expired.tell(), "expire /t was /t=1");
    check("get after the expiry", tell(client.get(key)), "100 Key not found (/t)");
  }

  private void watches() throws Exception {
    String key = ROOT + "/w/k";
    EtcdKeysResponse set = client.put(key, "1").send().get();
    check("waitForChange in the past", tell(client.get(key).waitForChange(set.node.modifiedIndex)), "set /w/k=1");
    Change next = new Change(() -> client.get(key).waitForChange(set.node.modifiedIndex + 1));
    client.put(ROOT + "/elsewhere", "1").send().get();
    // the store's index may grow by more than one a change
    EtcdKeysResponse again = client.put(key, "2").send().get();
    check("waitForChange", next.tell(), "set /w/k=2 was /w/k=1");
    Change below = new Change(() -> client.getDir(ROOT + "/w").recursive().waitForChange(again.node.modifiedIndex + 1));
    client.delete(key).send().get();
    check("waitForChange recursive", below.tell(), "delete /w/k was /w/k=2");
  }

  private void others() {
    check("version", client.version().getServer().matches("\\d+\\.\\d+\\..*"), true);
    check("members", client.getMembers().getMembers().size(), 1);
    check("health", client.getHealth().getHealth(), "true");
    check("self stats", client.getSelfStats().getName() != null, true);
  }

  /** A change that is waited for from an index on. etcd4j now and then breaks a wait off (with any store); then the same wait is sent again, as its users do. */
  private static final class Change {
    private final Supplier<EtcdKeyRequest> request;
    private final EtcdResponsePromise<EtcdKeysResponse> first;

    Change(Supplier<EtcdKeyRequest> request) throws IOException {
      this.request = request;
      this.first = request.get().send();
    }

    String tell() throws IOException, TimeoutException, EtcdAuthenticationException {
      try {
        return Program.tell(first);
      } catch (IOException e) {
        return Program.tell(request.get());
      }
    }
  }

  private static String tell(EtcdKeyRequest request) throws IOException, TimeoutException, EtcdAuthenticationException {
    return tell(request.send());
  }

  /** The action and the nodes, without indexes and expirations; of a refusal the code, the message and the cause. */
  private static String tell(EtcdResponsePromise<EtcdKeysResponse> promise) throws IOException, TimeoutException, EtcdAuthenticationException {
    try {
      EtcdKeysResponse response = promise.get();
      String previous = response.prevNode == null ? "" : " was " + tell(response.prevNode);
      return response.action + " " + tell(response.node) + previous;
    } catch (EtcdException e) {
      return e.errorCode + " " + e.etcdMessage + " (" + e.etcdCause.replaceFirst("^" + ROOT, "") + ")";
    }
  }

  private static String tell(EtcdKeysResponse.EtcdNode node) {
    String name = node.key.substring(ROOT.length());
    if (!node.dir) {
      return node.value == null ? name : name + "=" + node.value;
    }
    List<EtcdKeysResponse.EtcdNode> children = node.nodes == null ? List.of() : node.nodes;
    return name + "/" + (children.isEmpty() ? "" : children.stream().map(Program::tell).collect(Collectors.joining(", ", "[", "]")));
  }

  private static void check(String name, Object actual, Object expected) {
    if (Objects.equals(actual, expected)) {
      System.out.println("ok etcd4j " + name);
    } else {
      System.out.println("not ok etcd4j " + name + "\n    expected " + expected + "\n    found    " + actual);
    }
  }
}
