/** What operators ask a server: words of four letters. */
@NullMarked
package io.kubekv.zookeeper.admin;

import org.jspecify.annotations.NullMarked;
