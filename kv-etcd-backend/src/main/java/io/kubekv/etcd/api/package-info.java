/** Requests to etcd that never block, and where a log stands there. */
@NullMarked
package io.kubekv.etcd.api;

import org.jspecify.annotations.NullMarked;
