/**
 * What a stranger may try to end a server, to hang it or to make it forget, and what that does to
 * others.
 */
@NullMarked
package io.kubekv.e2e.attacks;

import org.jspecify.annotations.NullMarked;
