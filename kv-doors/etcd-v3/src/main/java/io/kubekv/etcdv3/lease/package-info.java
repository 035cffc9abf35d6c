/** Leases as sessions of the port. */
@NullMarked
package io.kubekv.etcdv3.lease;

import org.jspecify.annotations.NullMarked;
