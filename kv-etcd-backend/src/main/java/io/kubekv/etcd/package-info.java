@NullMarked
package io.kubekv.etcd;

import org.jspecify.annotations.NullMarked;
