/** Threads for what a request has to wait for. */
@NullMarked
package io.kubekv.server.threads;

import org.jspecify.annotations.NullMarked;
