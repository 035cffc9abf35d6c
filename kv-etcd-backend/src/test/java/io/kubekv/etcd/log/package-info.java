@NullMarked
package io.kubekv.etcd.log;

import org.jspecify.annotations.NullMarked;
