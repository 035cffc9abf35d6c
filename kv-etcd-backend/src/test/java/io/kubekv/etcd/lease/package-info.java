@NullMarked
package io.kubekv.etcd.lease;

import org.jspecify.annotations.NullMarked;
