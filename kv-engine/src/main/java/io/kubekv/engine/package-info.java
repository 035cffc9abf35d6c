/**
 * The store over a log: {@link io.kubekv.engine.EngineStore}. A request is decided by {@link
 * io.kubekv.engine.state.Decider}, led into the {@link io.kubekv.engine.log.Log} by the {@code
 * Pipeline}, and answered when it has come back.
 */
@NullMarked
package io.kubekv.engine;

import org.jspecify.annotations.NullMarked;
