/** Random programs on a real server and on a candidate beside it, in whatever protocol. */
@NullMarked
package io.kubekv.transport.probes;

import org.jspecify.annotations.NullMarked;
