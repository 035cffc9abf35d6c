/** The engine's log on etcd. */
@NullMarked
package io.kubekv.etcd.log;

import org.jspecify.annotations.NullMarked;
