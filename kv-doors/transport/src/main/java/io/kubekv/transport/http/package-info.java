/**
 * The HTTP listener: one virtual thread per request, limits, deadlines; not one word of a dialect.
 */
@NullMarked
package io.kubekv.transport.http;

import org.jspecify.annotations.NullMarked;
