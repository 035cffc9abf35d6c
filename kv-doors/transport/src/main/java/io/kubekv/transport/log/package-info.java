/** What keeps others from writing lines of the log. */
@NullMarked
package io.kubekv.transport.log;

import org.jspecify.annotations.NullMarked;
