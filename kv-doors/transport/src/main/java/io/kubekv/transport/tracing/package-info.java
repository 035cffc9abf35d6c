/** Traces by OpenTelemetry; nothing of it is loaded unless somebody asks for them. */
@NullMarked
package io.kubekv.transport.tracing;

import org.jspecify.annotations.NullMarked;
