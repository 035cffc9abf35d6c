package io.kubekv;

/** What a store can do beyond the promises of {@link KeyValueStore}. */
public enum Capability {
  /** The entries outlive the process that wrote them. */
  DURABLE
}
