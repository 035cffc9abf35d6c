/** Several replicas of one store: one answers, the others forward to it and follow it. */
@NullMarked
package io.kubekv.replica;

import org.jspecify.annotations.NullMarked;
