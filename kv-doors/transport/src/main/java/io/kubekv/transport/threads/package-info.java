/** Threads for what a request has to wait for. */
@NullMarked
package io.kubekv.transport.threads;

import org.jspecify.annotations.NullMarked;
