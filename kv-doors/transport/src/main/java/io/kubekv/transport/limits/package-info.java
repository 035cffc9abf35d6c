/**
 * What one client may take of a server, so that there is some left for the others: numbers, and
 * whose turn it is. It knows neither doors nor store.
 */
@NullMarked
package io.kubekv.transport.limits;

import org.jspecify.annotations.NullMarked;
