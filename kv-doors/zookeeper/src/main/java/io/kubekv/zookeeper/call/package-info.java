/** What a request is done with, and what it is answered with. */
@NullMarked
package io.kubekv.zookeeper.call;

import org.jspecify.annotations.NullMarked;
