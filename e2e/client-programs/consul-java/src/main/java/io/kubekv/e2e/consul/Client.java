package io.kubekv.e2e.consul;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the scenarios ask of a client library, in the library's own calls. Keys are as the store knows them. Refusals are the library's exceptions, which
 * {@link #refusal} reads. Safe for use by several threads at once.
 */
interface Client {
  /** Stands before every check and above every key. */
  String name();

  /** The largest flags that the library can send and read. */
  long largestFlags();

  Answer<Optional<Entry>> get(String key, Query query);

  /** The entries whose keys begin with the prefix. */
  Answer<List<Entry>> list(String prefix, Query query);

  /** @param separator empty for none */
  List<String> keys(String prefix, String separator);

  boolean put(String key, byte[] value, Put put);

  void delete(String key);

  void deleteTree(String prefix);

  /** The new session's id. */
  String createSession(Settings settings);

  Optional<Session> session(String id);

  List<Session> sessions();

  Session renew(String id);

  void destroy(String id);

  String leader();

  List<String> peers();

  Agent agent();

  List<String> members();

  List<String> datacenters();

  List<String> nodes();

  Map<String, List<String>> services();

  /** How many instances of a service there are. */
  int instances(String service);

  /** Status and text of a refusal; the exception itself where it is none. */
  String refusal(RuntimeException e);

  /** @param index the answer's index */
  record Answer<T>(long index, T value) {}

  /** @param lockDelay in nanoseconds */
  record Session(String id, String name, String node, List<String> checks, long lockDelay, String behavior, String ttl, long createIndex) {}

  /** What a server says of itself. */
  record Agent(String datacenter, String node, boolean server, String version, String memberName, int memberStatus) {}
}
