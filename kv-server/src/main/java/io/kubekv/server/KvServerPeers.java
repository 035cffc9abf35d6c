package io.kubekv.server;

import io.kubekv.etcd.EtcdStore;
import io.kubekv.server.replica.Member;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The processes that serve a store on etcd side by side, as they know each other by the store: each
 * says its name and its client URLs, as JSON. Thread-safe.
 *
 * @param others what each process says of itself, by its name; this one may be among them
 */
record KvServerPeers(Member self, Supplier<Map<String, String>> others) {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Pattern URL = Pattern.compile("https?://[!-+--~]+"); // no comma, no space

  /**
   * Tells the others of this process.
   *
   * @param owner a name of this machine for people
   */
  static KvServerPeers join(ServerConfig config, EtcdStore store, String owner) {
    Member self = new Member(owner + "-" + store.process(), owner, config.clientUrls(), "");
    store.join(text(self));
    return new KvServerPeers(self, store::members);
  }

  static String text(Member member) {
    ObjectNode object = JSON.createObjectNode();
    object.put("identity", member.identity());
    object.put("name", member.name());
    ArrayNode urls = object.putArray("clientUrls");
    member.clientUrls().forEach(urls::add);
    return JSON.writeValueAsString(object);
  }

  /** What another process wrote; empty when it is not of this form. */
  static Optional<Member> member(String text) {
    try {
      JsonNode object = JSON.readTree(text);
      String identity = object.path("identity").asString("");
      List<String> urls = new ArrayList<>();
      object.path("clientUrls").forEach(url -> urls.add(url.asString("")));
      urls.removeIf(url -> !URL.matcher(url).matches());
      return identity.isEmpty()
          ? Optional.empty()
          : Optional.of(new Member(identity, object.path("name").asString(""), urls, ""));
    } catch (JacksonException notOurs) {
      return Optional.empty();
    }
  }

  /** All processes in an order that is the same at each of them; this one is always there. */
  List<Member> members() {
    List<Member> all = new ArrayList<>(List.of(self));
    others.get().values().stream()
        .flatMap(text -> member(text).stream())
        .filter(member -> !member.identity().equals(self.identity()))
        .forEach(all::add);
    all.sort(Comparator.comparing(Member::identity));
    return List.copyOf(all);
  }

  /** None is above the others; who must name one names this, the same everywhere. */
  Member first() {
    return members().getFirst();
  }
}
