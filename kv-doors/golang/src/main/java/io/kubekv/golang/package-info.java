/**
 * How Go's standard library writes and reads what both doors' models, etcd and Consul, leave to it:
 * JSON, URLs, durations, quoted text, guessed content types. No dialect and no store.
 */
@NullMarked
package io.kubekv.golang;

import org.jspecify.annotations.NullMarked;
