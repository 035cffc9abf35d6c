package io.kubekv.e2e.attacks;

/** The servers that attacks share. */
enum Kind {
  /** Whoever reaches it may do everything, without TLS. Holds a tree of 20 MB besides. */
  OPEN,
  /** TLS at every door, users with tokens and certificates, grants and an audit log. */
  SECURED
}
