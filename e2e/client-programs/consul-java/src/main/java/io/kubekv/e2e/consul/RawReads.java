package io.kubekv.e2e.consul;

import com.ecwid.consul.SingleUrlParameters;
import com.ecwid.consul.transport.HttpResponse;
import com.ecwid.consul.v1.ConsulRawClient;
import java.util.List;

/** What the client's raw layer can ask and its others cannot. */
final class RawReads {
  private final ConsulRawClient raw;
  private final Checks checks;

  RawReads(ConsulRawClient raw, Checks checks) {
    this.raw = raw;
    this.checks = checks;
  }

  void run() {
    String key = checks.key("raw");
    checks.put(key, "a b\n+&=ü€%41<>");
    HttpResponse value = raw.makeGetRequest("/v1/kv/" + key, new SingleUrlParameters("raw"));
    checks.check("raw", List.of(value.getStatusCode(), value.getContent()), List.of(200, "a b\n+&=ü€%41<>"));
    HttpResponse missing = raw.makeGetRequest("/v1/kv/" + key + "x", new SingleUrlParameters("raw"));
    checks.check("raw of a missing key", List.of(missing.getStatusCode(), missing.getContent()), List.of(404, ""));
    checks.check("index of raw reads", value.getConsulIndex() > 0 && missing.getConsulIndex() >= value.getConsulIndex(), true);
    checks.check("known leader", List.of(value.isConsulKnownLeader(), value.getConsulLastContact()), List.of(true, 0L));
    HttpResponse wait = raw.makeGetRequest("/v1/kv/" + key, new SingleUrlParameters("index", "1"), new SingleUrlParameters("wait", "10"));
    checks.check("wait without a unit", List.of(wait.getStatusCode(), wait.getContent()), List.of(400, "Invalid wait time"));
    HttpResponse flags = raw.makePutRequest("/v1/kv/" + key, "1", new SingleUrlParameters("flags", "abc"));
    checks.check("flags that are no number", flags.getContent(), "strconv.ParseUint: parsing \"abc\": invalid syntax");
  }
}
