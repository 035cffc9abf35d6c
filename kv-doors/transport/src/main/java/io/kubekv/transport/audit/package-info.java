/** The audit log as a file. */
@NullMarked
package io.kubekv.transport.audit;

import org.jspecify.annotations.NullMarked;
