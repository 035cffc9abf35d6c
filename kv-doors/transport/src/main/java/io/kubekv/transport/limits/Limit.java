package io.kubekv.transport.limits;

import java.util.Locale;

/** What is limited. */
public enum Limit {
  /** Connections of all clients of a door together. */
  CONNECTIONS,
  /** Connections from one address. */
  CLIENT_CONNECTIONS,
  /** Requests of one client in a second. */
  CLIENT_REQUEST_RATE,
  /** Bytes of one client's requests and of their answers in a second. */
  CLIENT_BYTE_RATE,
  /** Requests of one client that are being answered. */
  CLIENT_REQUESTS_IN_FLIGHT,
  /** Bytes of bodies that are not answered yet, and of answers that are not taken yet. */
  HELD_BYTES,
  /** The same from one address. */
  CLIENT_HELD_BYTES,
  /** Memory for what is made of large values and listings while they are worked on. */
  WORKING_BYTES,
  /** Bytes of one request's body. */
  BODY_BYTES,
  /** Time for a request to arrive, or for an answer to be taken. */
  SLOW_CLIENT,
  /** Watches, blocking queries, locks and lists of one client that are open. */
  CLIENT_WATCHES,
  /** The same of all clients together. */
  WATCHES,
  /** Sessions that one client has created here. */
  CLIENT_SESSIONS,
  /** Bytes of all that the store holds. */
  STORE_BYTES,
  /** Bytes of the entries in one listing. */
  LIST_BYTES;

  /** As metrics and messages write it: {@code client_watches}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
