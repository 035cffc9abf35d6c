/** The snapshot below the log on etcd. */
@NullMarked
package io.kubekv.etcd.snapshot;

import org.jspecify.annotations.NullMarked;
