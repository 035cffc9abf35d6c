/** Who this process is and whom it trusts, for its doors and for the way to the other replicas. */
@org.jspecify.annotations.NullMarked
package io.kubekv.transport.tls;
