/**
 * What the engine needs of whatever keeps its changes: {@link io.kubekv.engine.log.Log} and {@link
 * io.kubekv.engine.log.Lease}.
 */
@NullMarked
package io.kubekv.engine.log;

import org.jspecify.annotations.NullMarked;
