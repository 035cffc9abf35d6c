package io.kubekv.zookeeper.admin;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is shown of one connection.
 *
 * @param remote the address of its client
 * @param queued how many requests wait
 * @param received messages, as sent
 * @param session zero when it has none yet
 * @param timeout of the session, in milliseconds
 * @param ends when the session would end without a sign of life, in milliseconds of the day's clock
 * @param established when it was opened, by the same clock
 * @param zxid the latest that the client was shown
 * @param busy whether something that it asked for is not answered yet
 * @param tally of its answers
 */
public record ClientFigures(
    String remote,
    int queued,
    long received,
    long sent,
    long session,
    int timeout,
    long ends,
    long established,
    long zxid,
    boolean busy,
    Last last,
    Tally tally) {
  /**
   * What it asked for last.
   *
   * @param operation as ZooKeeper abbreviates it
   * @param xid of the client; -1 before the first
   * @param answered when, in milliseconds of the day's clock; 0 before the first
   */
  public record Last(String operation, long xid, long answered) {
    public static final Last NONE = new Last("NA", -1, 0);
  }

  /** As {@code cons} shows it. */
  String line() {
    return " "
        + remote
        + "[1](queued="
        + queued
        + ",recved="
        + received
        + ",sent="
        + sent
        + ",sid=0x"
        + Long.toHexString(session)
        + ")";
  }

  /** As the command {@code stats} shows it (ZooKeeper 3.8, ServerCnxn.getConnectionInfo). */
  Map<String, Object> brief() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("remote_socket_address", remote);
    fields.put("interest_ops", 1);
    fields.put("outstanding_requests", queued + (busy ? 1 : 0));
    fields.put("packets_received", received);
    fields.put("packets_sent", sent);
    return fields;
  }

  /** As the command {@code connections} shows it. */
  Map<String, Object> fields() {
    Map<String, Object> fields = brief();
    fields.put("session_id", session);
    fields.put("last_operation", last.operation());
    fields.put("established", established);
    fields.put("session_timeout", timeout);
    fields.put("last_cxid", last.xid());
    fields.put("last_zxid", zxid);
    fields.put("last_response_time", last.answered());
    fields.put("last_latency", tally.last());
    fields.put("min_latency", tally.least());
    fields.put("avg_latency", (long) tally.mean());
    fields.put("max_latency", tally.most());
    return fields;
  }
}
