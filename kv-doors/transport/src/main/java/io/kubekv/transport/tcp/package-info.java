/**
 * A listener for protocols of their own over TCP: connections, TLS, limits, and what is counted of
 * requests; not a word of a protocol.
 */
@NullMarked
package io.kubekv.transport.tcp;

import org.jspecify.annotations.NullMarked;
