package io.kubekv.zookeeper.admin;

/**
 * What is shown of one connection.
 *
 * @param remote the address of its client
 * @param queued how many requests wait
 * @param received messages, as sent
 * @param session zero when it has none yet
 * @param busy whether something that it asked for is not answered yet
 */
public record ClientFigures(
    String remote, int queued, long received, long sent, long session, boolean busy) {
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
}
