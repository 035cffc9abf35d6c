/** What has happened, as far as it is remembered, and the watches over it: {@link History}. */
@NullMarked
package io.kubekv.engine.history;

import org.jspecify.annotations.NullMarked;
