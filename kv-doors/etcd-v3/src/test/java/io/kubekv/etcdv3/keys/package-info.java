/** Keys, and what they are on the port. */
@NullMarked
package io.kubekv.etcdv3.keys;

import org.jspecify.annotations.NullMarked;
